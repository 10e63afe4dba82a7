/** A country's store: Apple's number for it, its languages (the first is the usual one), what "free" looks like. */
export interface Storefront {
  cc: string
  id: string
  languages: readonly [string, ...string[]]
  free: string
}

const usStorefront: Storefront = {
  cc: 'US',
  id: '143441',
  languages: ['en-us', 'es-mx'],
  free: '$0.00',
}

const storefronts: readonly Storefront[] = [
  usStorefront,
  { cc: 'AT', id: '143445', languages: ['de-de', 'en-gb'], free: '0,00 €' },
  { cc: 'CH', id: '143459', languages: ['de-ch', 'fr-ch', 'it-ch', 'en-gb'], free: 'CHF 0.00' },
  { cc: 'DE', id: '143443', languages: ['de-de', 'en-gb'], free: '0,00 €' },
  { cc: 'DK', id: '143458', languages: ['da-dk', 'en-gb'], free: '0,00 kr.' },
  { cc: 'FR', id: '143442', languages: ['fr-fr', 'en-gb'], free: '0,00 €' },
  { cc: 'GB', id: '143444', languages: ['en-gb'], free: '£0.00' },
  { cc: 'NL', id: '143452', languages: ['nl-nl', 'en-gb'], free: '€ 0,00' },
]

/** A country without a store is served as the US, and nothing but the answer's `cc` tells (Apple contract 8). */
export function storefrontOf(country: string | null): Storefront {
  return storefronts.find(({ cc }) => cc === country?.toUpperCase()) ?? usStorefront
}

/** The asked-for language where the store has it, by full tag or by its first part; else the usual one. */
export function languageOf({ languages }: Storefront, asked: string | null): string {
  const wanted = (asked ?? '').toLowerCase().replace('_', '-')
  const exact = languages.find((tag) => tag === wanted)
  const near = languages.find((tag) => tag.split('-')[0] === wanted.split('-')[0])
  return exact ?? near ?? languages[0]
}

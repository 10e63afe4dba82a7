import type { CatalogEntry, LookupData, StoreItem } from './catalog-entry.ts'
import { madeUpName } from './made-up-names.ts'
import type { Storefront } from './storefronts.ts'

/** How an answer was asked for. */
export interface LookupView {
  storefront: Storefront
  /** `platform=macappstore` shows the Mac face of universal apps (Apple contract 8). */
  isForMac: boolean
  /** Version 1 of the lookup: ids are numbers, artwork is a list. */
  isOldForm: boolean
  /** Where this simulator draws icons. */
  iconsUrl: string
}

/** One member of `results`; undefined where the app is not offered in this country. */
export function lookupResult(
  item: StoreItem,
  entry: CatalogEntry,
  view: LookupView,
): LookupData | undefined {
  const ofCountry = entry.countries[view.storefront.cc]
  if (ofCountry === null) return undefined
  const kind = kindOf(entry.data.kind) ?? item.kind
  const base = kind === 'epubBook' ? bookBase(item) : appBase(item, kind, entry.isCustom)
  const said = { ...entry.data, ...(view.isForMac && entry.mac), ...ofCountry }
  const { offers, ...rest } = { ...base, ...said }
  const result: LookupData = {
    ...rest,
    id: view.isOldForm ? Number(item.adamId) : item.adamId,
    url: said.url ?? storeUrl(item.adamId, kind, view),
    artwork: said.artwork === undefined ? artwork(item.adamId, entry, view) : said.artwork,
    offers: pricedOffers(offers, view.storefront),
  }
  return withoutMembers(inAppleOrder(result), entry.leaveOut)
}

function kindOf(value: unknown): StoreItem['kind'] | undefined {
  return value === 'iosSoftware' || value === 'desktopApp' || value === 'epubBook'
    ? value
    : undefined
}

const studio = 'Pomona Test Studio'

function appBase(item: StoreItem, kind: StoreItem['kind'], isCustom: boolean): LookupData {
  const mobile = ['iphone', 'ipad', 'ipod']
  const isDesktop = kind === 'desktopApp'
  return {
    name: madeUpName(item.adamId, 'app'),
    bundleId: `test.pomona.app${item.adamId}`,
    artistName: studio,
    kind,
    deviceFamilies: isDesktop ? ['mac'] : [...mobile, ...(item.isUniversal ? ['mac'] : [])],
    genreNames: ['Business'],
    releaseDate: '2024-01-15',
    minimumOSVersion: isDesktop ? '14.0' : '17.0',
    description: { standard: 'Made-up app.' },
    softwareInfo: {
      seller: studio,
      websiteUrl: 'https://studio.example',
      privacyPolicyUrl: null,
    },
    isB2BCustomApp: isCustom,
    isVppDeviceBasedLicensingEnabled: item.isDeviceAssignable,
    offers: [{ type: 'get', price: 0, version: { display: '1.0', externalId: 810_000_000 } }],
  }
}

/** Books have neither bundleId nor minimumOSVersion, deviceFamilies or a version of their offer (Apple contract 8). */
function bookBase(item: StoreItem): LookupData {
  return {
    name: madeUpName(item.adamId, 'book'),
    artistName: 'Pomona Test Press',
    kind: 'epubBook',
    genreNames: ['Reference'],
    releaseDate: '2023-06-01',
    description: { standard: 'Made-up book.' },
    offers: [{ type: 'get', price: 0 }],
  }
}

function storeUrl(adamId: string, kind: StoreItem['kind'], { storefront }: LookupView): string {
  const country = storefront.cc.toLowerCase()
  return kind === 'epubBook'
    ? `https://books.example/${country}/book/id${adamId}`
    : `https://apps.example/${country}/app/id${adamId}`
}

const listedSizes = [64, 128, 256, 512, 1024]

/** Both forms that Apple has: an address with places for size and format, or a list of sizes (Apple contract 8). */
function artwork(adamId: string, entry: CatalogEntry, view: LookupView): unknown {
  const base = entry.artworkSource === 'simulator' ? view.iconsUrl : 'https://img.example'
  if (!view.isOldForm && entry.artworkShape === 'object') {
    return { url: `${base}/${adamId}/{w}x{h}bb.{f}`, width: 1024, height: 1024 }
  }
  return listedSizes.map((size) => ({
    url: `${base}/${adamId}/${size}x${size}bb.png`,
    width: size,
    height: size,
  }))
}

/** Every free offer gets the words of the country; what else an entry says about prices stands as it is. */
function pricedOffers(offers: unknown, storefront: Storefront): unknown {
  if (!Array.isArray(offers)) return offers
  return offers.map((offer: LookupData) => {
    const { type, price, priceFormatted, ...rest } = offer
    const words = priceFormatted ?? (price === 0 ? storefront.free : undefined)
    return { type, price, ...(words !== undefined && { priceFormatted: words }), ...rest }
  })
}

const appleOrder = [
  'id',
  'name',
  'bundleId',
  'artistName',
  'kind',
  'deviceFamilies',
  'genreNames',
  'releaseDate',
  'minimumOSVersion',
  'description',
  'url',
  'softwareInfo',
  'isB2BCustomApp',
  'isVppDeviceBasedLicensingEnabled',
  'artwork',
  'offers',
]

function inAppleOrder(result: LookupData): LookupData {
  const known = appleOrder.filter((name) => Object.hasOwn(result, name))
  return { ...Object.fromEntries(known.map((name) => [name, result[name]])), ...result }
}

function withoutMembers(result: LookupData, names: readonly string[]): LookupData {
  return Object.fromEntries(Object.entries(result).filter(([name]) => !names.includes(name)))
}

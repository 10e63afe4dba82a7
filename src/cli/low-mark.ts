/** When an app runs short of licences: below a number, or below a share of all that are owned. Unlimited ones never do. */
import type { AppView } from '../client/library-api.ts'

export type LowMark =
  | { readonly kind: 'number'; readonly atMost: number }
  | { readonly kind: 'share'; readonly percent: number }

/** `5` or `10%`; undefined for anything else. */
export function lowMark(text: string): LowMark | undefined {
  const [, number, sign] = /^(\d{1,9})(%?)$/.exec(text) ?? []
  if (number === undefined) return undefined
  if (sign === '') return { kind: 'number', atMost: Number(number) }
  return Number(number) > 100 ? undefined : { kind: 'share', percent: Number(number) }
}

export function isLow(
  {
    isUnlimited,
    availableLicenseCount,
    totalLicenseCount,
  }: Pick<AppView, 'isUnlimited' | 'availableLicenseCount' | 'totalLicenseCount'>,
  mark: LowMark,
): boolean {
  if (isUnlimited) return false
  if (mark.kind === 'number') return availableLicenseCount <= mark.atMost
  return availableLicenseCount * 100 <= totalLicenseCount * mark.percent
}

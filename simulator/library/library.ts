import type { AssignmentRows } from './assignment-rows.ts'
import type { LicensePool } from './license-counts.ts'

export const pricingParams = ['STDQ', 'PLUS'] as const
export type PricingParam = (typeof pricingParams)[number]
export const productTypes = ['App', 'Book'] as const
export type ProductType = (typeof productTypes)[number]
export const defaultPlatforms = ['enterprisestore', 'volumestore'] as const
export type DefaultPlatform = (typeof defaultPlatforms)[number]

export function websiteOf(platform: DefaultPlatform): string {
  return platform === 'volumestore' ? 'https://school.apple.com' : 'https://business.apple.com'
}

export interface AssetKey {
  adamId: string
  pricingParam: PricingParam
}

/** One app or book in one quality (Apple contract 2.4). */
export interface Asset extends AssetKey {
  productType: ProductType
  deviceAssignable: boolean
  revocable: boolean
  supportedPlatforms: string[]
  licenses: LicensePool
}

export type Target = { serialNumber: string } | { clientUserId: string }

/** `changedIn` is the number of the version that brought the row: it decides what a delta holds. */
export interface Assignment extends AssetKey {
  target: Target
  changedIn: number
}

export type UserStatus = 'Registered' | 'Associated' | 'Retired' | 'Deleted'

export interface User {
  clientUserId: string
  email?: string
  inviteCode?: string
  idHash?: string
  status: UserStatus
  changedIn: number
}

export interface MdmInfo {
  id: string
  name: string
  metadata: string
}

export interface NotificationTarget {
  url: string
  authToken: string
}

export type ListName = 'assets' | 'assignments' | 'users'

/** A location: Apple's organizational unit, known by its `uId`. */
export interface Library {
  uId: string
  orgName: string
  locationName: string
  countryISO2ACode: string
  defaultPlatform: DefaultPlatform
  websiteURL: string
  mdmInfo?: MdmInfo
  notification?: NotificationTarget
  subscribedNotificationTypes: string[]
  assets: Asset[]
  assignments: AssignmentRows
  users: User[]
  versions: Record<ListName, number>
}

export function findAsset(library: Library, key: AssetKey): Asset | undefined {
  return library.assets.find(
    (asset) => asset.adamId === key.adamId && asset.pricingParam === key.pricingParam,
  )
}

export function isLive(user: User): boolean {
  return user.status === 'Registered' || user.status === 'Associated'
}

/** At most one entry of a `clientUserId` is alive (Apple contract 2.6). */
export function findLiveUser(library: Library, clientUserId: string): User | undefined {
  return library.users.find((user) => user.clientUserId === clientUserId && isLive(user))
}

export function targetText(target: Target): string {
  return 'serialNumber' in target ? `s:${target.serialNumber}` : `u:${target.clientUserId}`
}

/** Order of rows: adamId, then pricingParam; equal keys stay in order of insertion (Apple contract 11.3 S2). */
export function compareAssetKeys(left: AssetKey, right: AssetKey): number {
  if (left.adamId !== right.adamId) return left.adamId < right.adamId ? -1 : 1
  if (left.pricingParam === right.pricingParam) return 0
  return left.pricingParam < right.pricingParam ? -1 : 1
}

/** Keeps the list ordered without sorting it again: the new row goes behind its equals. */
export function insertInOrder<Row extends AssetKey>(rows: Row[], row: Row): void {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const other = rows[middle]
    if (other !== undefined && compareAssetKeys(other, row) <= 0) low = middle + 1
    else high = middle
  }
  rows.splice(low, 0, row)
}

import type { GeneratedFleet } from '../library/generate-fleet.ts'
import type {
  AssetKey,
  DefaultPlatform,
  MdmInfo,
  ProductType,
  Target,
  User,
} from '../library/library.ts'
import type { TokenPromise, TokenRights, TokenStanding } from '../tokens/token-state.ts'

/** A seed is data: dates stand relative to the `at` it is loaded with (Apple contract 11.6). */
export interface Seed {
  name: string
  contents: string
  pageSize?: number
  libraries: LibrarySeed[]
}

export interface LibrarySeed {
  uId: string
  locationName: string
  country?: string
  defaultPlatform?: DefaultPlatform
  mdmInfo?: MdmInfo
  assets: AssetSeed[]
  assignments: (AssetKey & Target)[]
  users: Omit<User, 'changedIn'>[]
  tokens: TokenSeed[]
  /** Apps for a whole fleet, worked out and not held (Apple contract 11.9). */
  generated?: GeneratedFleet
}

export interface AssetSeed extends AssetKey {
  productType?: ProductType
  deviceAssignable?: boolean
  revocable?: boolean
  supportedPlatforms?: string[]
  totalCount: number | 'unlimited'
  retiredCount?: number
}

export interface TokenSeed {
  tokenId: string
  displayName: string
  account: string
  /** Inner text before its base64 form. */
  secret: string
  expiresInSeconds: number
  standing?: TokenStanding
  rights?: TokenRights
  promise: TokenPromise
}

export const orgName = 'Harbour Cranes GmbH'

export const daySeconds = 24 * 60 * 60

/** Ninety days less one hour: from the default `at` this is the date in Apple contract section 2. */
export const seasonSeconds = 90 * daySeconds - 60 * 60

export const unclaimed: TokenPromise = { state: 'valid', reason: 'unclaimed' }

export function uIdOf(number: number): string {
  return `70000000000000${String(number).padStart(2, '0')}`
}

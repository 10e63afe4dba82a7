/** Apps and books over the API. */
import type { Api } from './api.ts'
import { literal, wholeList } from './whole-list.ts'

/** As `/pomona/v1/apps` shows it: the members that this client looks at. */
export interface AppView {
  readonly id: string
  readonly contentKind: string
  readonly adamId: string
  readonly displayName: string | null
  readonly bundleId: string | null
  readonly totalLicenseCount: number
  readonly usedLicenseCount: number
  readonly availableLicenseCount: number
  readonly isUnlimited: boolean
  readonly tokenId: string
  readonly locationId: string | null
}

/** Those of one token, or of all. */
export function listApps(api: Api, tokenId?: string): Promise<readonly AppView[]> {
  const filter =
    tokenId === undefined ? '' : `&$filter=${encodeURIComponent(`tokenId eq ${literal(tokenId)}`)}`
  return wholeList(api, `/pomona/v1/apps?$top=999${filter}`)
}

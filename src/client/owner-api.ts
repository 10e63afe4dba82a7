/** Who manages a token's location, as functions over the API. */
import type { Api } from './api.ts'

/** As `/pomona/v1/tokens/{id}/owner` shows it. */
export interface OwnerView {
  readonly id: string
  readonly locationId: string | null
  readonly locationName: string | null
  readonly ownershipState: 'observe' | 'ours' | 'conflict' | 'released'
  readonly stateSinceDateTime: string
  readonly holder: {
    readonly id: string
    readonly name: string | null
    readonly firstSeenDateTime: string
  } | null
  readonly isHeldByPomona: boolean
  readonly isClaimPending: boolean
  readonly isReleasePending: boolean
  readonly confirmationDateTime: string
  readonly lastRefusal: string | null
  readonly claimConsequences: readonly string[]
  readonly areNotificationsOn: boolean
  readonly notificationMessage: string | null
  readonly lastVerifiedDateTime: string
}

export interface OwnerApi {
  get(tokenId: string): Promise<OwnerView>
  /** `holderId`: the server that was seen to hold the location; null = none. Failure `conflict` when it is another one. */
  claim(tokenId: string, holderId: string | null): Promise<OwnerView>
  /** Failure `conflict` when the location is not ours. */
  release(tokenId: string): Promise<OwnerView>
}

export function ownerApi(api: Api): OwnerApi {
  const at = (id: string, what: string) => `/pomona/v1/tokens/${encodeURIComponent(id)}/${what}`
  return {
    get: async (id) => (await api.ask('GET', at(id, 'owner'))) as OwnerView,
    claim: async (id, holderId) =>
      (await api.ask('POST', at(id, 'claim'), { holderId })) as OwnerView,
    release: async (id) => (await api.ask('POST', at(id, 'release'))) as OwnerView,
  }
}

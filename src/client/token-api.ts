/** What the API can do with tokens, as functions: reads show Pomona's own face, writes go through Graph's. */
import type { Api } from './api.ts'
import { wholeList } from './whole-list.ts'

/** A token as `/pomona/v1` shows it: the members that this client looks at. */
export interface TokenView {
  readonly id: string
  readonly organizationName: string | null
  readonly displayName: string | null
  readonly locationName: string | null
  readonly locationId: string | null
  readonly state: string
  readonly stateReason: string
  readonly stateMessage: string | null
  readonly recommendedAction: string
  readonly expirationDateTime: string
  readonly lastSyncDateTime: string
  readonly lastSyncStatus: string
  /** When the next sync is due at the earliest. */
  readonly nextSyncDateTime: string
  readonly lastAppCount: number
  readonly expirationDriftSeconds: number
  readonly totalLicenseCount: number
  readonly usedLicenseCount: number
  readonly contentFingerprint: string | null
}

/** The service's judgement of a content token before it is stored (Apple 1.5). */
export interface TokenCheck {
  /** False: nothing may be stored. True with a class: it can be, and the message is worth reading. */
  readonly ok: boolean
  readonly class: string | null
  readonly message: string | null
  readonly organizationName: string | null
  readonly expirationDateTime: string | null
  readonly fingerprint: string | null
  readonly location: { readonly id: string; readonly name: string | null } | null
}

export interface NewToken {
  readonly displayName: string
  readonly token: string
  readonly appleId?: string
  readonly vppTokenAccountType?: string
  readonly countryOrRegion?: string
}

export interface TokenApi {
  /** All of them, page by page. */
  list(): Promise<readonly TokenView[]>
  get(id: string): Promise<TokenView>
  /** `renews`: the token that it is to replace the content of. */
  check(token: string, renews?: string): Promise<TokenCheck>
  /** Answers the new id. */
  add(token: NewToken): Promise<string>
  renew(id: string, token: string): Promise<void>
  /** Answers whether a sync is under way now; never when the service asks nobody. */
  requestSync(id: string): Promise<boolean>
  remove(id: string): Promise<void>
}

const reads = '/pomona/v1/tokens'
const writes = '/beta/deviceAppManagement/vppTokens'
const pageSize = 999

export function tokenApi(api: Api): TokenApi {
  const at = (root: string, id: string) => `${root}/${encodeURIComponent(id)}`
  return {
    list: () => wholeList<TokenView>(api, `${reads}?$top=${pageSize}`),
    get: async (id) => (await api.ask('GET', at(reads, id))) as TokenView,
    check: async (token, renews) =>
      (await api.ask('POST', '/pomona/v1/checkToken', {
        token,
        ...(renews === undefined ? {} : { renews }),
      })) as TokenCheck,
    add: async (token) => ((await api.ask('POST', writes, token)) as { id: string }).id,
    renew: async (id, token) => {
      await api.ask('PATCH', at(writes, id), { token })
    },
    requestSync: async (id) => {
      const acted = (await api.ask('POST', `${at(writes, id)}/syncLicenses`)) as TokenView
      return acted.lastSyncStatus === 'inProgress'
    },
    remove: async (id) => {
      await api.ask('DELETE', at(writes, id))
    },
  }
}

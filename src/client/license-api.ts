/** What the API can do with licences and users of a location, as functions. */
import type { Api } from './api.ts'
import { wholeList } from './whole-list.ts'

/** As `/pomona/v1/tokens/{id}/intents` takes it. */
export interface LicenseOrder {
  readonly action: string
  readonly [member: string]: unknown
}

export interface IntentView {
  readonly id: string
  readonly tokenId: string
  readonly action: string
  readonly status: 'waiting' | 'active' | 'done' | 'incomplete' | 'failed'
  readonly totalCount: number
  readonly doneCount: number
  readonly skippedCount: number
  readonly failedCount: number
  readonly unknownCount: number
  readonly message: string | null
  readonly createdDateTime: string
  readonly endedDateTime: string
}

export interface ReceiptView {
  readonly adamId: string
  readonly pricingParam: string
  readonly serialNumber: string | null
  readonly clientUserId: string | null
  readonly status: string
  readonly reason: string | null
  readonly errorNumber: number
  /** What the reason means, and what to do. */
  readonly message: string | null
}

export interface PlanView {
  readonly totalCount: number
  readonly toDoCount: number
  readonly skipped: Readonly<Record<string, number>>
  readonly assets: readonly {
    readonly adamId: string
    readonly pricingParam: string
    readonly toDoCount: number
    readonly isUnlimited: boolean
    readonly availableCount: number
    readonly assignedCount: number
  }[]
  readonly pairs: readonly {
    readonly adamId: string
    readonly pricingParam: string
    readonly serialNumber?: string
    readonly clientUserId?: string
    readonly skippedFor: string | null
    /** What that means, and what to do. */
    readonly message: string | null
  }[]
  readonly callCount: number
  /** Devices of a list of known ones that hold licences here. Null or absent = nothing was listed, or the service is older. */
  readonly listedHolderCount?: number | null
  readonly refusal: string | null
}

export interface LicenseView {
  readonly adamId: string
  readonly pricingParam: string
  readonly displayName: string | null
  readonly serialNumber: string | null
  readonly clientUserId: string | null
  readonly userEmailAddress: string | null
}

export interface UserView {
  readonly clientUserId: string
  readonly email: string | null
  readonly status: string
  readonly inviteCode: string | null
}

/** Absent parts do not matter. */
export interface LicenseFilter {
  readonly adamId?: string
  readonly serialNumber?: string
  readonly clientUserId?: string
}

export interface LicenseApi {
  plan(tokenId: string, order: LicenseOrder): Promise<PlanView>
  request(tokenId: string, order: LicenseOrder): Promise<IntentView>
  intent(id: string): Promise<IntentView>
  /** Newest first. */
  intents(tokenId: string): Promise<readonly IntentView[]>
  /** Those of what has not become as wanted, or all. */
  receipts(intentId: string, isWhole: boolean): Promise<readonly ReceiptView[]>
  licenses(tokenId: string, filter: LicenseFilter): Promise<readonly LicenseView[]>
  users(tokenId: string, isWhole: boolean): Promise<readonly UserView[]>
}

/** What was left as it was, for another reason than that it was as wanted already, belongs to it. */
const notAsWanted =
  "status eq 'failed' or status eq 'unknown' or (status eq 'skipped' and reason ne 'alreadyDone' and reason ne 'userExists')"

const pageSize = '$top=999'

export function licenseApi(api: Api): LicenseApi {
  const of = (tokenId: string) => `/pomona/v1/tokens/${encodeURIComponent(tokenId)}`
  const intent = (id: string) => `/pomona/v1/intents/${encodeURIComponent(id)}`
  const list = <Row>(path: string, filter: string) =>
    wholeList<Row>(
      api,
      `${path}?${pageSize}${filter === '' ? '' : `&$filter=${encodeURIComponent(filter)}`}`,
    )
  return {
    plan: async (tokenId, order) =>
      (await api.ask('POST', `${of(tokenId)}/plan`, order)) as PlanView,
    request: async (tokenId, order) =>
      (await api.ask('POST', `${of(tokenId)}/intents`, order)) as IntentView,
    intent: async (id) => (await api.ask('GET', intent(id))) as IntentView,
    intents: (tokenId) =>
      wholeList(api, `${of(tokenId)}/intents?${pageSize}&$orderby=createdDateTime%20desc`),
    receipts: (id, isWhole) =>
      list<ReceiptView>(`${intent(id)}/receipts`, isWhole ? '' : notAsWanted),
    licenses: (tokenId, filter) =>
      list<LicenseView>(
        `${of(tokenId)}/licenses`,
        Object.entries(filter)
          .map(([name, value]) => `${name} eq '${String(value).replaceAll("'", "''")}'`)
          .join(' and '),
      ),
    users: (tokenId, isWhole) =>
      list<UserView>(
        `${of(tokenId)}/users`,
        isWhole ? '' : "status ne 'Retired' and status ne 'Deleted'",
      ),
  }
}

export function isEnded({ status }: Pick<IntentView, 'status'>): boolean {
  return status !== 'waiting' && status !== 'active'
}

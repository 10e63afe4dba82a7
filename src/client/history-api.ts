/** What the API tells of a token's syncs, as functions (graph H12, Apple C16). */
import type { Api } from './api.ts'
import { wholeList } from './whole-list.ts'

/** A run as `/pomona/v1` shows it: the members that this client looks at. */
export interface RunView {
  readonly id: string
  readonly cause: string
  readonly status: string
  readonly requestedDateTime: string
  readonly startedDateTime: string
  readonly endedDateTime: string
  readonly finding: {
    readonly reason: string
    readonly isDefinite: boolean
    /** Apple's. */
    readonly errorNumber: number | null
    readonly httpStatus: number | null
    readonly detail: string | null
  } | null
  readonly requests: number
  readonly pages: number
  readonly readings: Readonly<Record<'assets' | 'assignments' | 'users', string | null>>
  readonly rowsAdded: number
  readonly rowsChanged: number
  readonly rowsRemoved: number
  readonly rowsSuspect: number
  readonly assetsUneven: number
  readonly expirationDriftSeconds: number
  readonly changesUnlisted: number
}

export interface CountsView {
  readonly total: number
  readonly available: number
  readonly assigned: number
  readonly retired: number
}

export interface ChangeView {
  readonly subject: 'asset' | 'assignment' | 'user'
  readonly change: 'added' | 'changed' | 'removed'
  readonly adamId: string | null
  readonly pricingParam: string | null
  readonly serialNumber: string | null
  readonly clientUserId: string | null
  readonly countsBefore: CountsView | null
  readonly countsAfter: CountsView | null
  readonly statusBefore: string | null
  readonly statusAfter: string | null
}

export interface HistoryApi {
  /** The newest `limit` runs, newest first. */
  runs(tokenId: string, limit: number): Promise<readonly RunView[]>
  run(id: string): Promise<RunView>
  /** All that are listed, in the order in which they were made. */
  changes(runId: string): Promise<readonly ChangeView[]>
}

const pageSize = 999

export function historyApi(api: Api): HistoryApi {
  const runAt = (id: string) => `/pomona/v1/runs/${encodeURIComponent(id)}`
  return {
    async runs(tokenId, limit) {
      const path = `/pomona/v1/tokens/${encodeURIComponent(tokenId)}/runs?$top=${limit}`
      const page = (await api.ask('GET', path)) as { readonly value: readonly RunView[] }
      return page.value
    },
    run: async (id) => (await api.ask('GET', runAt(id))) as RunView,
    changes: (runId) => wholeList(api, `${runAt(runId)}/changes?$top=${pageSize}`),
  }
}

/** Asks for fresh counts of every token of the tenant (graph 4.2, `syncLicenseCounts`): each is made due, the due loop does the rest. */
import { Failure } from '../../model/failure.ts'
import type { Actor } from '../tokens/actor.ts'
import { requestSync, type SyncRequestDeps } from './request-sync.ts'

/** Requests that may share one commit. */
const pageSize = 100

/** A token that is removed meanwhile is left out. */
export async function requestCounts(deps: SyncRequestDeps, actor: Actor): Promise<void> {
  if (deps.appleMode === 'off') return
  const { tokens } = deps.storage.forTenant(actor.tenantId).reads
  let after: string | undefined
  do {
    const page = await tokens.list({ limit: pageSize, ...(after === undefined ? {} : { after }) })
    await Promise.all(
      page.rows.map(({ record }) => requestSync(deps, actor, record.id).catch(ifAbsent)),
    )
    after = page.next
  } while (after !== undefined)
}

function ifAbsent(error: unknown): void {
  if (!(error instanceof Failure && error.code === 'notFound')) throw error
}

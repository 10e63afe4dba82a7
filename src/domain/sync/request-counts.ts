/** Asks for fresh counts of every token of the tenant (graph 4.2, `syncLicenseCounts`): each is made due, the due loop does the rest. */
import { instantOf } from '../../model/date-time-offset.ts'
import type { Actor } from '../tokens/actor.ts'
import type { SyncRequestDeps } from './request-sync.ts'

/** Tokens made due in one unit of work. */
const pageSize = 100

/** A token that is removed meanwhile is left out. */
export async function requestCounts(deps: SyncRequestDeps, actor: Actor): Promise<void> {
  if (deps.appleMode === 'off') return
  const tenant = deps.storage.forTenant(actor.tenantId)
  const now = instantOf(deps.clock.now())
  let after: string | undefined
  do {
    const { rows, next } = await tenant.reads.tokens.list({
      limit: pageSize,
      ...(after === undefined ? {} : { after }),
    })
    await tenant.transaction(async (stores) => {
      for (const { record } of rows)
        if (await stores.tokens.find(record.id)) await stores.tokens.makeDue(record.id, now)
      if (rows.length > 0)
        await stores.audit.insert({
          id: deps.newId(),
          at: now,
          actor: actor.name,
          action: 'token.countsRequested',
          subject: actor.tenantId,
          details: { tokens: rows.length },
        })
    })
    after = next
  } while (after !== undefined)
}

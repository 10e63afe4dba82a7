import type { Instant } from '../../model/date-time-offset.ts'
import type { StoredToken } from '../../model/stored-token.ts'
import type { TenantStores } from '../../ports/storage.ts'

/** Keeps in the audit that the service judged a token differently than before; nothing when it did not. */
export async function auditState(
  stores: TenantStores,
  before: StoredToken,
  after: StoredToken,
  event: { readonly id: string; readonly at: Instant; readonly runId: string | null },
): Promise<void> {
  const [old, current] = [before.record, after.record]
  if (old.state === current.state && old.stateReason === current.stateReason) return
  await stores.audit.insert({
    id: event.id,
    at: event.at,
    actor: 'pomona',
    action: 'token.stateChanged',
    subject: current.id,
    details: {
      oldState: old.state,
      oldStateReason: old.stateReason,
      state: current.state,
      stateReason: current.stateReason,
      runId: event.runId,
    },
  })
}

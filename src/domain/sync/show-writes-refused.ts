/** The token says that writes are refused (Apple 9.4, row 7) until a renewal, or until Apple takes one. */
import type { AppleFinding } from '../../model/apple-finding.ts'
import type { Instant } from '../../model/date-time-offset.ts'
import { tokenName } from '../../model/token-name.ts'
import type { TenantStores } from '../../ports/storage.ts'
import type { IntentTurn } from './intent-turn.ts'
import { olderTwin } from './older-twin.ts'
import { auditState } from './state-audit.ts'
import { withState } from './token-after-run.ts'

export async function showWritesRefused(
  stores: TenantStores,
  { deps, taken: { tokenId }, twins }: IntentTurn,
  finding: AppleFinding,
  now: Instant,
): Promise<void> {
  const token = await stores.tokens.get(tokenId)
  const twin = olderTwin(token, twins)
  const beside = { olderTwinName: twin ? tokenName(twin.record) : null, runId: null }
  const after = withState({ ...token, finding }, beside, deps.clock.now())
  await stores.tokens.update(after)
  await auditState(stores, token, after, { id: deps.newId(), at: now, runId: null })
}

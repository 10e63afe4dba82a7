/** The token says that writes are refused (Apple 9.4, rows 4 and 7), until Apple takes one. */
import type { AppleFinding } from '../../model/apple-finding.ts'
import type { Instant } from '../../model/date-time-offset.ts'
import { tokenName } from '../../model/token-name.ts'
import type { TenantStores } from '../../ports/storage.ts'
import type { TokenAtLocation } from '../licenses/location-of.ts'
import { olderTwin } from '../sync/older-twin.ts'
import type { SyncDeps } from '../sync/run-context.ts'
import { auditState } from '../sync/state-audit.ts'
import { withState } from '../sync/token-after-run.ts'

/** Null = they are taken. */
export async function showWriting(
  stores: TenantStores,
  { clock, newId }: Pick<SyncDeps, 'clock' | 'newId'>,
  { token: { record }, twins, ownership }: TokenAtLocation,
  refusal: AppleFinding | null,
  now: Instant,
): Promise<void> {
  const token = await stores.tokens.get(record.id)
  const twin = olderTwin(token, twins)
  const beside = { olderTwinName: twin ? tokenName(twin.record) : null, runId: null, ownership }
  const after = withState({ ...token, finding: refusal }, beside, clock.now())
  await stores.tokens.update(after)
  await auditState(stores, token, after, { id: newId(), at: now, runId: null })
}

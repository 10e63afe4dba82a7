/** Removes a token with its apps and licence records; licences at Apple stay untouched (graph D14). */
import { instantOf } from '../../model/date-time-offset.ts'
import type { TokenId } from '../../model/ids.ts'
import { queuedRun } from '../../model/sync-run.ts'
import type { TenantStores } from '../../ports/storage.ts'
import type { Actor } from './actor.ts'
import type { TokenDeps } from './add-token.ts'
import { type ExpectedVersion, requireVersion } from './precondition.ts'
import { absentToken } from './read-tokens.ts'

/** Failure `notFound` or `preconditionFailed`; then nothing has changed. */
export async function removeToken(
  { storage, clock, newId }: TokenDeps,
  actor: Actor,
  id: TokenId,
  expected: ExpectedVersion | undefined,
): Promise<void> {
  const now = instantOf(clock.now())
  await storage.forTenant(actor.tenantId).transaction(async (stores) => {
    const token = await stores.tokens.find(id)
    if (!token) throw absentToken(id)
    requireVersion(token, expected)
    await stores.tokens.remove(id)
    await stores.audit.insert({
      id: newId(),
      at: now,
      actor: actor.name,
      action: 'token.removed',
      subject: id,
      details: {
        displayName: token.record.displayName,
        contentFingerprint: token.record.contentFingerprint,
        locationId: token.record.locationId,
      },
    })
    if (token.record.locationId !== null)
      await queueTwins(stores, token.record.locationId, now, newId)
  })
}

/** Whoever was kept from syncing by the removed token may be next: its run decides (graph 9, row 12). */
async function queueTwins(
  stores: TenantStores,
  locationId: string,
  now: string,
  newId: TokenDeps['newId'],
): Promise<void> {
  for (const twin of await stores.tokens.listByLocation(locationId)) {
    const tokenId = twin.record.id
    if (!(await stores.runs.findActive(tokenId)))
      await stores.runs.insert(queuedRun({ id: newId(), tokenId, cause: 'twinRemoved', now }))
    await stores.tokens.makeDue(tokenId, now)
  }
}

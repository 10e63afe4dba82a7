/** Users of a location, by delta or in full (Apple 2.6). */
import type { AppleUser } from '../../model/apple-rows.ts'
import type { NumberedRow } from '../../ports/apple-row-store.ts'
import type { AppleConversation, ApplePage } from '../../ports/apple-vpp.ts'
import { userList } from './apple-lists.ts'
import { readDelta } from './read-delta.ts'
import { readInFull } from './read-in-full.ts'
import type { BegunRun, SyncDeps } from './run-context.ts'
import { type SeenRows, seenRows } from './seen-rows.ts'
import { chunkSize, removeRows } from './write-rows.ts'

/** Users in a delta that are looked at one by one; beyond it a full walk is cheaper. */
const mostLookedAt = 20_000

export async function readUsers(
  deps: Pick<SyncDeps, 'clock'>,
  run: BegunRun,
  conversation: AppleConversation,
): Promise<void> {
  const seen = seenRows(await run.tenant.reads.users.lastNumber(run.taken.tokenId))
  const shown = new Set<string>()
  const pagesSince = (since: string) => noting(conversation.walkUsers(since), shown)
  const isRead =
    (await readDelta(deps, run, userList, pagesSince, seen)) &&
    shown.size <= mostLookedAt &&
    (await removeReplaced(run, [...shown], seen))
  if (isRead) return
  await readInFull(deps, run, {
    kept: userList,
    pages: conversation.walkUsers(),
    delta: (since) => conversation.walkUsers(since),
  })
}

async function* noting(
  pages: AsyncIterable<ApplePage<AppleUser>>,
  shown: Set<string>,
): AsyncGenerator<ApplePage<AppleUser>> {
  for await (const page of pages) {
    for (const { clientUserId } of page.rows) shown.add(clientUserId)
    yield page
  }
}

/**
 * A user that binds an account or is retired shows with another key than before, and at most one row of a clientUserId is live:
 * a live row beside the one that the delta shows is that user's past. Answers false where the delta does not say it.
 */
async function removeReplaced(
  run: BegunRun,
  clientUserIds: readonly string[],
  seen: SeenRows,
): Promise<boolean> {
  for (let from = 0; from < clientUserIds.length; from += chunkSize) {
    const stored = await run.tenant.reads.users.listOfUsers(
      run.taken.tokenId,
      clientUserIds.slice(from, from + chunkSize),
    )
    const replaced: NumberedRow<AppleUser>[] = []
    for (const rows of Map.groupBy(stored.filter(isLive), keyOf).values()) {
      const unseen = rows.filter(({ number }) => !seen.has(number))
      // It may have been retired, or an older row of the same id has changed.
      if (unseen.length === rows.length) return false
      replaced.push(...unseen)
    }
    await removeRows(run, userList, replaced)
  }
  return true
}

function keyOf({ row }: NumberedRow<AppleUser>): string {
  return row.clientUserId
}

function isLive({ row }: NumberedRow<AppleUser>): boolean {
  return row.status !== 'Retired' && row.status !== 'Deleted'
}

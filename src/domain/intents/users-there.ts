/** Which users are registered at Apple now, with their addresses. */
import { isLiveUser } from '../licenses/live-user.ts'
import type { IntentTurn } from './intent-turn.ts'

/** Asks Apple; those of the given users that are not registered, or were retired, are left out. */
export async function usersThere(
  turn: IntentTurn,
  clientUserIds: readonly string[],
): Promise<ReadonlyMap<string, string | null>> {
  const wanted = new Set(clientUserIds)
  const emails = new Map<string, string | null>()
  for await (const { rows } of (await turn.conversation()).walkUsers()) {
    await turn.checkpoint()
    for (const row of rows)
      if (wanted.has(row.clientUserId) && isLiveUser(row)) emails.set(row.clientUserId, row.email)
  }
  return emails
}

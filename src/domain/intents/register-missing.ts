/**
 * Users that Apple did not know (9609): they are read again, who is missing is registered, and their licences are asked for
 * again, once (Apple 4.1). Everything is read off the intent's steps, so that a restart goes on where it stood (Apple C17).
 */
import type { LicenseWrite, UserChange } from '../../model/apple-write.ts'
import type { NumberedReceipt, StoredIntent } from '../../model/license-intent.ts'
import type { IntentTurn } from './intent-turn.ts'
import { usersThere } from './users-there.ts'

export interface Registering {
  /** To be sent first, in parts that Apple takes. */
  readonly writes: readonly LicenseWrite[]
  /** Receipts that need not wait for it. */
  readonly ready: readonly NumberedReceipt[]
}

export async function registerMissing(
  turn: IntentTurn,
  { record }: StoredIntent,
  waiting: readonly NumberedReceipt[],
  maxUsers: number,
): Promise<Registering> {
  const doubted = targetsOf(waiting.filter(isDoubted))
  if (doubted.length === 0) return { writes: [], ready: waiting }
  const { isAsked, isOpen } = await registrations(turn, record.id)
  const unasked = doubted.filter((id) => !isAsked.has(id))
  const there = unasked.length === 0 ? new Map() : await usersThere(turn, unasked)
  const missing = unasked.filter((id) => !there.has(id))
  const held = new Set([...missing, ...doubted.filter((id) => isOpen.has(id))])
  const users = await knownUsers(turn, missing)
  return {
    writes: pieces(users, maxUsers).map((some) => ({ kind: 'createUsers', users: some })),
    ready: waiting.filter((one) => !isDoubted(one) || !held.has(one.receipt.target)),
  }
}

function isDoubted({ receipt: { reason, targetKind } }: NumberedReceipt): boolean {
  return reason === 'userNotFound' && targetKind === 'clientUserId'
}

function targetsOf(receipts: readonly NumberedReceipt[]): readonly string[] {
  return [...new Set(receipts.map(({ receipt }) => receipt.target))]
}

/** Who was asked to be registered for this intent, and for whom that is still under way. */
async function registrations({ tenant }: IntentTurn, intentId: string) {
  const isAsked = new Set<string>()
  const isOpen = new Set<string>()
  for (const { write, status } of await tenant.reads.intents.listSteps(intentId)) {
    if (write.kind !== 'createUsers') continue
    for (const { clientUserId } of write.users) {
      isAsked.add(clientUserId)
      if (status !== 'settled') isOpen.add(clientUserId)
    }
  }
  return { isAsked, isOpen }
}

/** With the addresses that they had. */
async function knownUsers(
  { tenant, pool }: IntentTurn,
  clientUserIds: readonly string[],
): Promise<readonly UserChange[]> {
  const stored = await tenant.reads.users.listOfUsers(pool.poolId, clientUserIds)
  const emails = new Map(stored.map(({ row }) => [row.clientUserId, row.email]))
  return clientUserIds.map((clientUserId) => {
    const email = emails.get(clientUserId) ?? null
    return email === null ? { clientUserId } : { clientUserId, email }
  })
}

function pieces<T>(whole: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(whole.length / Math.max(1, size))
  return Array.from({ length: count }, (_, at) => whole.slice(at * size, (at + 1) * size))
}

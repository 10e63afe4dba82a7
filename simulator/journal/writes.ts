import type { JournalEntry } from './entry.ts'
import { isSuccess, queryValue, startMs } from './entry.ts'
import { type Evidence, type Finding, finding, nothingToJudge } from './finding.ts'

/**
 * Each event was asked for no sooner than `seconds` after its acceptance and after the answer before, and no more
 * once `giveUp` seconds were over (Apple contract 5, C9). A notification about the event lets the next question come
 * at once; a question that got no proper answer may be repeated.
 */
export function pollSpacing(
  { entries, clock, notices }: Evidence,
  seconds: number,
  giveUpSeconds: number,
): Finding {
  const begun = entries.filter((entry) => entry.method === 'POST' && entry.eventId !== null)
  const polls = entries.filter(isPoll)
  if (polls.length === 0) return nothingToJudge('Nobody asked for the status of an event.')
  const wrong = polls.filter((poll) => {
    const eventId = queryValue(poll, 'eventId') ?? ''
    // A restored world gives the same id again: what counts is the call before the question.
    const accepted = begun.findLast((entry) => entry.eventId === eventId && entry.seq < poll.seq)
    if (accepted === undefined) return false
    const answered = polls.filter(
      (other) =>
        other.seq < poll.seq &&
        other.seq > accepted.seq &&
        queryValue(other, 'eventId') === eventId &&
        isSuccess(other),
    )
    const now = startMs(poll, clock)
    const before = startMs(answered.at(-1) ?? accepted, clock)
    const isTold = notices.some(
      (notice) => notice.eventId === eventId && notice[clock] >= before && notice[clock] <= now,
    )
    const isTooSoon = now - before < seconds * 1000 && !isTold
    return isTooSoon || now - startMs(accepted, clock) > giveUpSeconds * 1000
  })
  return finding(wrong, {
    holds: `All ${polls.length} questions came ${seconds} s apart and within ${giveUpSeconds} s.`,
    broken: `These questions for a status came too soon, or later than ${giveUpSeconds} s.`,
  })
}

function isPoll(entry: JournalEntry): boolean {
  return (
    entry.method === 'GET' && entry.path === '/mdm/v2/status' && entry.query.eventId !== undefined
  )
}

/** A row as Apple contract 2.5 has it. */
export interface WantedPair {
  adamId: string
  pricingParam: string
  serialNumber: string | undefined
  clientUserId: string | undefined
}

export type PairEndpoint = 'associate' | 'disassociate'

/** No call sent a pair that nobody wanted: its assets times its targets are all among `wanted` (C15). */
export function rectangles(
  { entries }: Evidence,
  wanted: readonly WantedPair[],
  endpoint: PairEndpoint | undefined,
): Finding {
  const paths = (endpoint ? [endpoint] : ['associate', 'disassociate']).map(
    (name) => `/mdm/v2/assets/${name}`,
  )
  const writes = entries.filter((entry) => entry.method === 'POST' && paths.includes(entry.path))
  if (writes.length === 0) return nothingToJudge('Nobody assigned or took back anything.')
  const known = new Set(wanted.map(pairText))
  const wrong = writes.filter((entry) => pairsOf(entry.body).some((pair) => !known.has(pair)))
  return finding(wrong, {
    holds: `All ${writes.length} calls sent wanted pairs only.`,
    broken: 'These calls sent pairs that nobody wanted.',
  })
}

function pairText({ adamId, pricingParam, serialNumber, clientUserId }: WantedPair): string {
  return JSON.stringify([adamId, pricingParam, serialNumber ?? null, clientUserId ?? null])
}

/** Every asset times every target of a body; one that is no such body has no pairs. */
function pairsOf(body: unknown): string[] {
  const { assets, serialNumbers, clientUserIds } = membersOf(body)
  const targets = [
    ...textsOf(serialNumbers).map((serialNumber) => ({ serialNumber, clientUserId: undefined })),
    ...textsOf(clientUserIds).map((clientUserId) => ({ serialNumber: undefined, clientUserId })),
  ]
  const keys = (Array.isArray(assets) ? assets : []).map(membersOf)
  return keys.flatMap(({ adamId, pricingParam = 'STDQ' }) =>
    targets.map((target) =>
      pairText({ adamId: String(adamId), pricingParam: String(pricingParam), ...target }),
    ),
  )
}

function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}

import type { EntryClock, JournalEntry } from './entry.ts'

/** What an assertion sees. */
export interface Evidence {
  entries: readonly JournalEntry[]
  /** The clock that this world's limits run by, unless the assertion names the other one. */
  clock: EntryClock
  /** Notifications about an event that were taken, by both clocks. */
  notices: readonly Notice[]
}

export interface Notice extends Record<EntryClock, number> {
  eventId: string
}

export interface Finding {
  ok: boolean
  detail: string
  /** The records that break the rule. */
  seqs: number[]
}

/** `wrong` breaks the rule; a rule that nothing could have broken does not hold either. */
export function finding(
  wrong: readonly JournalEntry[],
  texts: { holds: string; broken: string },
): Finding {
  return wrong.length === 0
    ? { ok: true, detail: texts.holds, seqs: [] }
    : { ok: false, detail: texts.broken, seqs: wrong.map((entry) => entry.seq) }
}

export function nothingToJudge(detail: string): Finding {
  return { ok: false, detail, seqs: [] }
}

export function byLocation(entries: readonly JournalEntry[]): JournalEntry[][] {
  const groups = Map.groupBy(
    entries.filter((entry) => entry.uId !== null),
    (entry) => entry.uId,
  )
  return [...groups.values()]
}

import { type EntryClock, endMs, isSuccess, type JournalEntry, startMs } from './entry.ts'
import { byLocation, type Evidence, type Finding, finding, nothingToJudge } from './finding.ts'

/** No call of a location before the instant that Retry-After named, capped (Apple contract 5, 11.8). */
export function retryAfter({ entries, clock }: Evidence, capSeconds: number): Finding {
  // Calls without a location are of nobody in particular: one caller's wait is not another's.
  const asked = entries.filter((entry) => entry.retryAfter !== null && entry.uId !== null)
  if (asked.length === 0) return nothingToJudge('No answer for a location carried Retry-After.')
  const early = new Set<JournalEntry>()
  for (const answer of asked) {
    const until = endMs(answer, clock) + waitMs(answer, clock, capSeconds)
    for (const entry of entries) {
      if (entry.seq <= answer.seq || entry.uId !== answer.uId) continue
      // A call that was under way when the answer came could not know of it.
      const start = startMs(entry, clock)
      if (start >= endMs(answer, clock) && start < until) early.add(entry)
    }
  }
  return finding([...early], {
    holds: `Every call waited out Retry-After (${asked.length} such answers).`,
    broken: 'These calls came before the instant that Retry-After had named.',
  })
}

function waitMs(answer: JournalEntry, clock: EntryClock, capSeconds: number): number {
  const text = answer.retryAfter ?? '0'
  const named = /^\d+$/.test(text)
    ? Number(text) * 1000
    : Math.max(Date.parse(text) - endMs(answer, clock), 0)
  return Math.min(named, capSeconds * 1000)
}

export function maxParallel({ entries }: Evidence, most: number): Finding {
  return finding(
    entries.filter((entry) => entry.uId !== null && entry.inFlight > most),
    {
      holds: `Never more than ${most} calls of a location in flight.`,
      broken: `These calls made it more than ${most} in flight.`,
    },
  )
}

/** Starts in any sliding second, per location. */
export function maxRate({ entries, clock }: Evidence, perSecond: number): Finding {
  const wrong = byLocation(entries).flatMap((calls) =>
    calls.filter((entry, index) => {
      const earlier = calls[index - perSecond]
      return earlier !== undefined && startMs(entry, clock) - startMs(earlier, clock) < 1000
    }),
  )
  return finding(wrong, {
    holds: `Never more than ${perSecond} starts in a second.`,
    broken: `These calls were one too many in their second (${perSecond} allowed).`,
  })
}

const newAttemptMs = 5 * 60 * 1000

/**
 * A request is tried again as long as it fails for a passing reason; a success, or the five minutes before the next
 * run (Apple contract 5), end the series.
 */
export function maxTries({ entries, clock }: Evidence, most: number): Finding {
  const wrong: JournalEntry[] = []
  const series = new Map<string, { tries: number; lastMs: number }>()
  for (const entry of entries) {
    const { method, path, query, body, tokenFingerprint } = entry
    const key = JSON.stringify([method, path, query, body, tokenFingerprint])
    const previous = series.get(key)
    const start = startMs(entry, clock)
    const goesOn = previous !== undefined && start - previous.lastMs < newAttemptMs
    const tries = goesOn ? previous.tries + 1 : 1
    if (tries > most) wrong.push(entry)
    if (isPassing(entry)) series.set(key, { tries, lastMs: endMs(entry, clock) })
    else series.delete(key)
  }
  return finding(wrong, {
    holds: `No request was tried more than ${most} times.`,
    broken: `These were tries beyond the ${most} allowed.`,
  })
}

const passingNumbers = [9603, 9644, 9646, 9729]

function isPassing(entry: JournalEntry): boolean {
  if (isSuccess(entry)) return false
  return (
    entry.isBroken ||
    entry.status === null ||
    entry.status === 429 ||
    entry.status >= 500 ||
    passingNumbers.includes(entry.errorNumber ?? 0)
  )
}

/** Limits are read again before they are `seconds` old, so before every call there is a read that young (C3). */
export function limitsFresh({ entries, clock }: Evidence, seconds: number): Finding {
  const reads = entries.filter((entry) => entry.path === '/mdm/v2/service/config')
  const calls = entries.filter((entry) => entry.uId !== null)
  if (calls.length === 0) return nothingToJudge('No call of a location was made.')
  const stale = calls.filter(
    (call) =>
      !reads.some(
        (read) =>
          read.seq < call.seq && startMs(call, clock) - startMs(read, clock) <= seconds * 1000,
      ),
  )
  return finding(stale, {
    holds: `Before every call the limits had been asked for within ${seconds} s.`,
    broken: `Before these calls nobody had asked for the limits within ${seconds} s.`,
  })
}

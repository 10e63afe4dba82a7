import type { Answer } from '../data-plane/answer.ts'

/**
 * How a call carried its credential. `verbatim`: the text of a token file of this world. `reencoded`: the same
 * token in another wrapping. `foreign`: some other text. (Apple contract 10 C1.)
 */
export type Credential = 'none' | 'malformed' | 'verbatim' | 'reencoded' | 'foreign'

/** One data call (Apple contract 11.8). No token and no secret is in here: only fingerprints. */
export interface JournalEntry {
  seq: number
  realStart: string
  realEnd: string | null
  virtualStart: string
  virtualEnd: string | null
  world: string
  uId: string | null
  tokenFingerprint: string | null
  credential: Credential
  method: string
  path: string
  /** A list where a name came more than once: a filter carries one value (Apple contract 10 C18). */
  query: Record<string, string | string[]>
  body: unknown
  /** Null while the call is open, and for good when the connection was cut before an answer. */
  status: number | null
  errorNumber: number | null
  retryAfter: string | null
  page: Answer['page'] | null
  ruleId: string | null
  effect: string | null
  /** The event that the call began, also when its answer was lost. */
  eventId: string | null
  inFlight: number
  secretInUrl: boolean
  /** The answer was cut, shortened or replaced, so that the client did not get it whole. */
  isBroken: boolean
}

/** What the data plane took it for: the first value of that name. */
export function queryValue({ query }: JournalEntry, name: string): string | undefined {
  const value = query[name]
  return Array.isArray(value) ? value[0] : value
}

export function isSuccess(entry: JournalEntry): boolean {
  return (
    entry.status !== null &&
    entry.status >= 200 &&
    entry.status < 300 &&
    entry.errorNumber === null &&
    !entry.isBroken
  )
}

/** The journal's times on the clock that a world's limits run by. */
export type EntryClock = 'real' | 'virtual'

export function startMs(entry: JournalEntry, clock: EntryClock): number {
  return Date.parse(clock === 'real' ? entry.realStart : entry.virtualStart)
}

export function endMs(entry: JournalEntry, clock: EntryClock): number {
  const end = clock === 'real' ? entry.realEnd : entry.virtualEnd
  return end === null ? startMs(entry, clock) : Date.parse(end)
}

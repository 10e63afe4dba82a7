/**
 * Walks the pages of an endpoint until Apple names no next one (Apple 3.2, C6). Up to five pages are asked for at once; they
 * are handed on in Apple's order, and a version that moves meanwhile restarts nothing.
 */
import { AppleTrouble } from '../model/apple-finding.ts'
import type { DecodedPage } from './decode.ts'
import { maxInFlight } from './limiter.ts'

/** Rejects with `AppleTrouble`, or with the signal's reason. */
export type FetchPage<Row> = (pageIndex: number, signal: AbortSignal) => Promise<DecodedPage<Row>>

/** No location is as large; a server that always names a next page ends here. */
export const maxPagesPerWalk = 100_000
const pageIndexOutOfRange = 9650

/**
 * The pages of one complete walk. After an index that Apple has unexpectedly refused it begins again, once: rows may then come
 * a second time. Throws `AppleTrouble`. Whoever leaves early stops the pages still on their way.
 */
export async function* walkPages<Row>(
  fetchPage: FetchPage<Row>,
  signal?: AbortSignal,
): AsyncGenerator<DecodedPage<Row>, void, undefined> {
  const refused = yield* walkOnce(fetchPage, signal)
  if (refused === undefined) return
  const refusedAgain = yield* walkOnce(fetchPage, signal)
  if (refusedAgain !== undefined) throw refusedAgain
}

/** Answers undefined after the last page, else the 9650 that ended it early. */
async function* walkOnce<Row>(
  fetchPage: FetchPage<Row>,
  signal?: AbortSignal,
): AsyncGenerator<DecodedPage<Row>, AppleTrouble | undefined, undefined> {
  const ahead = fetchAhead(fetchPage, signal)
  try {
    let index: number | null = 0
    for (let pages = 0; index !== null; pages += 1) {
      if (pages >= maxPagesPerWalk) throw endless()
      const taken: Arrived<Row> = await ahead.take(index)
      if (!taken.ok) {
        if (!isOutOfRange(taken.error)) throw taken.error
        return ahead.isBeyondEnd(index) ? undefined : taken.error
      }
      yield index === 0 ? { ...taken.page, isFirst: true } : taken.page
      index = taken.page.nextPageIndex
    }
    return undefined
  } finally {
    await ahead.stop()
  }
}

type Arrived<Row> =
  | { readonly ok: true; readonly page: DecodedPage<Row> }
  | { readonly ok: false; readonly error: unknown }

/** The next few pages, asked for before they are needed: as many as the newest answer says there are. */
function fetchAhead<Row>(fetchPage: FetchPage<Row>, signal?: AbortSignal) {
  const stopping = new AbortController()
  const until = signal ? AbortSignal.any([signal, stopping.signal]) : stopping.signal
  const asked = new Map<number, Promise<Arrived<Row>>>()
  let newestTotalPages: number | undefined

  function ask(index: number): Promise<Arrived<Row>> {
    const known = asked.get(index)
    if (known) return known
    const arriving = fetch(index)
    asked.set(index, arriving)
    return arriving
  }

  async function fetch(index: number): Promise<Arrived<Row>> {
    try {
      const page = await fetchPage(index, until)
      newestTotalPages = page.totalPages ?? newestTotalPages
      return { ok: true, page }
    } catch (error) {
      // Thrown when the walk comes to this page; it may never come.
      return { ok: false, error }
    }
  }

  return {
    async take(index: number): Promise<Arrived<Row>> {
      for (const skipped of asked.keys()) if (skipped < index) asked.delete(skipped)
      const arriving = ask(index)
      const end = Math.min(newestTotalPages ?? 0, index + maxInFlight)
      for (let next = index + 1; next < end; next += 1) ask(next)
      const arrived = await arriving
      asked.delete(index)
      return arrived
    },
    /** Whether the newest answers leave no room for this page; before any of them it is unknown. */
    isBeyondEnd: (index: number) => newestTotalPages !== undefined && index >= newestTotalPages,
    /** Ends when nothing is on its way any more. */
    async stop(): Promise<void> {
      stopping.abort()
      await Promise.all(asked.values())
    },
  }
}

function isOutOfRange(error: unknown): error is AppleTrouble {
  return error instanceof AppleTrouble && error.finding.errorNumber === pageIndexOutOfRange
}

function endless(): AppleTrouble {
  return new AppleTrouble({
    reason: 'appleUnavailable',
    isDefinite: false,
    detail: `the walk did not end after ${maxPagesPerWalk} pages`,
  })
}

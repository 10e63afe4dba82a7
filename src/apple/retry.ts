/** Whether and when a refused request is tried again (Apple 5): a loop on the passed clock, bounded by count and by time. */
import { AppleTrouble } from '../model/apple-finding.ts'
import type { Clock } from '../model/clock.ts'
import { instantOf } from '../model/date-time-offset.ts'
import { longestPauseMs, longestWaitMs } from './limiter.ts'
import type { Refusal } from './refusal.ts'

/** What the tries of one conversation share. */
export interface RetryState {
  readonly clock: Clock
  /** 0 up to, not including, 1. */
  readonly random: () => number
  /** Retries that the conversation has left. */
  retriesLeft: number
  /** Called with each wait before it begins. */
  readonly waits: (ms: number) => void
}

export type Tried<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: Refusal }

export const maxTries = 5
const maxRetriesPerConversation = 30
/** After tries in vain the next attempt waits at least so long. */
const restMs = 5 * 60_000
const backoffBaseMs = 1_000
const backoffCapMs = 60_000

export function freshRetries(given: Omit<RetryState, 'retriesLeft'>): RetryState {
  return { ...given, retriesLeft: maxRetriesPerConversation }
}

/** The value of the first good try. Rejects with `AppleTrouble`, or with the signal's reason. */
export async function withRetries<T>(
  attempt: () => Promise<Tried<T>>,
  state: RetryState,
  signal?: AbortSignal,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    const tried = await attempt()
    if (tried.ok) return tried.value
    const next = decideNext(tried.refusal, tries, state)
    if (!next.again) throw endedBy(tried.refusal, next.restMs, state.clock)
    state.retriesLeft -= 1
    state.waits(next.waitMs)
    await state.clock.sleep(next.waitMs, signal)
  }
}

/** Apple's wish, at most an hour (Apple 5). */
export function cappedRetryAfter({ meaning, retryAfterMs = 0 }: Refusal): number {
  return meaning.retry === 'again' ? Math.min(retryAfterMs, longestPauseMs) : 0
}

type Next =
  | { readonly again: true; readonly waitMs: number }
  | { readonly again: false; readonly restMs: number }

function decideNext(refusal: Refusal, tries: number, state: RetryState): Next {
  const { retry, pauseMs = 0 } = refusal.meaning
  // Whoever asked finds out first whether it was taken (Apple 5).
  if (refusal.finding.isAnswerLost) return { again: false, restMs: cappedRetryAfter(refusal) }
  if (retry !== 'again') return { again: false, restMs: pauseMs }
  const wishedMs = cappedRetryAfter(refusal)
  if (wishedMs > longestWaitMs) return { again: false, restMs: wishedMs }
  if (tries >= maxTries || state.retriesLeft <= 0)
    return { again: false, restMs: Math.max(restMs, pauseMs, wishedMs) }
  return { again: true, waitMs: Math.max(wishedMs, backoff(tries, state.random)) }
}

/** Full jitter: anything from nothing to 1 s, 2 s, 4 s, … but no more than a minute. */
function backoff(tries: number, random: () => number): number {
  return Math.floor(random() * Math.min(backoffCapMs, backoffBaseMs * 2 ** (tries - 1)))
}

function endedBy({ finding }: Refusal, restMs: number, clock: Clock): AppleTrouble {
  if (restMs === 0) return new AppleTrouble(finding)
  const notBefore = instantOf(new Date(clock.now().getTime() + restMs))
  return new AppleTrouble({ ...finding, notBefore })
}

/** Asks Apple within one conversation: at the location's pace, with retries, and believing answers of that location only. */
import { AppleTrouble } from '../model/apple-finding.ts'
import { instantOf } from '../model/date-time-offset.ts'
import type { LocationPauses } from '../ports/location-pace.ts'
import type { Observe } from '../ports/observer.ts'
import { type Call, call, type Network, type Outcome } from './call.ts'
import {
  addressOf,
  type Query,
  type ReadEndpoint,
  shapeOf,
  type WriteEndpoint,
  writeShapeOf,
  wrongAddress,
} from './endpoints.ts'
import { noUsableAnswer, otherLocation } from './errors.ts'
import { type JsonObject, OtherShape, optionalText, part } from './json.ts'
import { type Limiter, LocationPaused, spacingAt } from './limiter.ts'
import type { LimitsReader } from './limits.ts'
import type { Notes } from './notes.ts'
import { type Refusal, refusal, refusalOfWrite } from './refusal.ts'
import { cappedRetryAfter, type RetryState, type Tried, withRetries } from './retry.ts'

/** What all conversations of the process share. */
export interface Surroundings {
  readonly baseUrl: string
  readonly network: Network
  readonly limiter: Limiter
  readonly limits: LimitsReader
  /** Absent = pauses end with the process. */
  readonly pauses?: LocationPauses
  readonly random: () => number
  readonly observe: Observe
}

export interface Write {
  readonly endpoint: WriteEndpoint
  readonly body: JsonObject
  /** Texts in it that no error may repeat. */
  readonly secrets?: readonly string[]
}

export interface Asking {
  /** What `decode` makes of a good answer; it throws `OtherShape` for what cannot be read. */
  read<T>(
    endpoint: ReadEndpoint,
    query: Query,
    decode: (body: JsonObject) => T,
    until?: AbortSignal,
  ): Promise<T>
  /**
   * As `read`, but tried again only when Apple has certainly taken nothing, and on its way not cut short by the signal: its
   * answer says whether it was taken.
   */
  write<T>(write: Write, decode: (body: JsonObject) => T): Promise<T>
  expectLocation(uId: string): void
}

const toleratedSkewMs = 5 * 60_000

/** What a run's conversation has used up and seen, whatever credential it goes on by. */
export interface SoFar {
  readonly notes: Notes
  readonly retries: RetryState
}

export function createAsking(
  around: Surroundings,
  { notes, retries }: SoFar,
  credential: string,
  locationKey: string,
  signal?: AbortSignal,
): Asking {
  const { baseUrl, network, limiter, limits, pauses, observe } = around
  const { clock } = network
  const ifNotFound = wrongAddress(baseUrl)
  let expectedLocation: string | undefined
  let limiterKey = locationKey
  let spacingMs = 0
  let isSkewObserved = false

  async function ask<T>(
    request: Call,
    decode: (body: JsonObject) => T,
    until?: AbortSignal,
  ): Promise<T> {
    notes.counts.requests += 1
    const isWrite = request.body !== undefined
    async function attempt(): Promise<Tried<T>> {
      const leave = await enter(until)
      try {
        notes.counts.tries += 1
        const outcome = await call(network, request, isWrite ? undefined : until)
        observeSkew(outcome, request.url.host)
        const tried = outcome.ok ? judged(outcome.body, decode, request.url.host) : outcome
        if (tried.ok) return tried
        const refused = isWrite ? refusalOfWrite(tried.refusal) : tried.refusal
        notes.refused(refused.finding)
        if (refused.finding.isOverLimits) limits.expire()
        await pauseAsWished(refused)
        return { ok: false, refusal: refused }
      } finally {
        leave()
      }
    }
    return withRetries(attempt, retries, until)
  }

  async function enter(until?: AbortSignal): Promise<() => void> {
    spacingMs = await readSpacing(until)
    const leave = await enterLimiter(until)
    try {
      // After a long wait for its turn a request would go out on old ones (Apple C3).
      spacingMs = await readSpacing(until)
      return leave
    } catch (error) {
      leave()
      throw error
    }
  }

  async function readSpacing(until?: AbortSignal): Promise<number> {
    return spacingAt((await limits.read(until, notes.refused)).maxRequestPerSecond)
  }

  async function enterLimiter(until?: AbortSignal): Promise<() => void> {
    try {
      return await limiter.enter(limiterKey, spacingMs, until)
    } catch (error) {
      if (!(error instanceof LocationPaused)) throw error
      throw new AppleTrouble({
        reason: noUsableAnswer.reason,
        isDefinite: false,
        detail: error.message,
        notBefore: instantOf(new Date(error.untilMs)),
      })
    }
  }

  /** All work of the location waits, not only the request that was told to; on every node, and after a restart. */
  async function pauseAsWished(refused: Refusal): Promise<void> {
    const pauseMs = cappedRetryAfter(refused)
    if (pauseMs === 0) return
    const until = new Date(clock.now().getTime() + pauseMs)
    limiter.pause(limiterKey, until.getTime())
    try {
      await pauses?.pause(limiterKey, pauseMs)
    } catch (cause) {
      // What Apple said must not be lost with it.
      throw new AppleTrouble({ ...refused.finding, notBefore: instantOf(until) }, cause)
    }
  }

  /** The location before the data: rows of another one are not even read. */
  function judged<T>(body: JsonObject, decode: (body: JsonObject) => T, host: string): Tried<T> {
    try {
      const uId = optionalText(part('answer', body), 'uId') ?? expectedLocation
      if (expectedLocation !== undefined && uId !== expectedLocation) {
        const answering = uId?.slice(0, 64) ?? ''
        return {
          ok: false,
          refusal: refusal(otherLocation, { httpStatus: 200, detail: answering }),
        }
      }
      notes.watchMdm(body)
      return { ok: true, value: decode(body) }
    } catch (error) {
      if (!(error instanceof OtherShape)) throw error
      return { ok: false, refusal: refusal(noUsableAnswer, { detail: error.message, host }) }
    }
  }

  function observeSkew({ appleTimeMs }: Outcome, host: string): void {
    if (appleTimeMs === undefined || isSkewObserved) return
    const skewMs = appleTimeMs - clock.now().getTime()
    if (Math.abs(skewMs) <= toleratedSkewMs) return
    isSkewObserved = true
    observe({ kind: 'appleClockSkewed', skewMs, host })
  }

  return {
    read(endpoint, query, decode, until = signal) {
      const url = addressOf(baseUrl, endpoint, query)
      return ask({ url, shape: shapeOf(endpoint, query), credential, ifNotFound }, decode, until)
    },
    write({ endpoint, ...sent }, decode) {
      const url = addressOf(baseUrl, endpoint)
      const shape = writeShapeOf(endpoint)
      return ask({ url, shape, credential, ifNotFound, ...sent }, decode, signal)
    },
    expectLocation: (uId) => {
      expectedLocation = uId
      if (limiterKey === uId) return
      // Known by its id, the location shares rate and pauses with whoever else asks about it (Apple 5).
      limiterKey = uId
      limiter.pause(uId, clock.now().getTime() + spacingMs)
    },
  }
}

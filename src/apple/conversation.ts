/** One run's conversation with Apple about one location: every request goes through limits, limiter and retries. */
import { AppleTrouble } from '../model/apple-finding.ts'
import type { AppleUser, Asset, Assignment, LocationConfig } from '../model/apple-rows.ts'
import { instantOf } from '../model/date-time-offset.ts'
import type { AppleConversation, ApplePage } from '../ports/apple-vpp.ts'
import type { Observe } from '../ports/observer.ts'
import { call, type Network, type Outcome } from './call.ts'
import {
  type DecodedPage,
  type DecodePage,
  decodeAssetPage,
  decodeAssignmentPage,
  decodeUserPage,
} from './decode.ts'
import { decodeCommonConfig, decodeConfig } from './decode-config.ts'
import { addressOf, type Endpoint, type Query, shapeOf } from './endpoints.ts'
import { noUsableAnswer, otherLocation } from './errors.ts'
import { type JsonObject, OtherShape, optionalText, part } from './json.ts'
import { type Limiter, LocationPaused, spacingAt } from './limiter.ts'
import type { LimitsReader } from './limits.ts'
import { walkPages } from './pages.ts'
import { type Refusal, refusal } from './refusal.ts'
import {
  cappedRetryAfter,
  maxRetriesPerConversation,
  type RetryState,
  type Tried,
  withRetries,
} from './retry.ts'
import { createSurprises } from './surprises.ts'

/** What all conversations of the process share. */
export interface Surroundings {
  readonly baseUrl: string
  readonly network: Network
  readonly limiter: Limiter
  readonly limits: LimitsReader
  readonly random: () => number
  readonly observe: Observe
}

const toleratedSkewMs = 5 * 60_000

export function openConversation(
  around: Surroundings,
  credential: string,
  locationKey: string,
  signal?: AbortSignal,
): AppleConversation {
  const { baseUrl, network, limiter, limits, observe } = around
  const { clock } = network
  const surprises = createSurprises()
  const counts = { requests: 0, pages: 0, tries: 0, waitedMs: 0 }
  const retries: RetryState = {
    clock,
    random: around.random,
    retriesLeft: maxRetriesPerConversation,
    waits: (ms) => {
      counts.waitedMs += ms
    },
  }
  let expectedLocation: string | undefined
  let limiterKey = locationKey
  let spacingMs = 0
  let isSkewObserved = false

  async function ask<T>(
    endpoint: Endpoint,
    query: Query,
    decode: (body: JsonObject) => T,
    until = signal,
  ): Promise<T> {
    counts.requests += 1
    const request = {
      url: addressOf(baseUrl, endpoint, query),
      shape: shapeOf(endpoint, query),
      credential,
    }
    async function attempt(): Promise<Tried<T>> {
      const leave = await enter(until)
      try {
        counts.tries += 1
        const outcome = await call(network, request, until)
        observeSkew(outcome, request.url.host)
        if (outcome.ok) return judged(outcome.body, decode, request.url.host)
        pauseAsWished(outcome.refusal)
        return outcome
      } finally {
        leave()
      }
    }
    return withRetries(attempt, retries, until)
  }

  async function enter(until?: AbortSignal): Promise<() => void> {
    spacingMs = spacingAt((await limits.read(until)).maxRequestPerSecond)
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

  /** All work of the location waits, not only the request that was told to. */
  function pauseAsWished(refused: Refusal): void {
    const pauseMs = cappedRetryAfter(refused)
    if (pauseMs > 0) limiter.pause(limiterKey, clock.now().getTime() + pauseMs)
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

  function walk<Row>(endpoint: Endpoint, decodePage: DecodePage<Row>, query: Query = {}) {
    return walkPages<Row>(async (pageIndex, until): Promise<DecodedPage<Row>> => {
      const decode = (body: JsonObject) => decodePage(body, pageIndex, surprises)
      const page = await ask(endpoint, { ...query, pageIndex }, decode, until)
      counts.pages += 1
      return page
    }, signal)
  }

  async function readConfig(): Promise<LocationConfig> {
    try {
      return await ask('client/config', {}, (body) => decodeConfig(body, surprises))
    } catch (error) {
      if (!isRightMissing(error)) throw error
      // A read-only account may ask for the three lists alone (Apple 1.3); their answers name the location too.
      return ask('assets', { pageIndex: 0 }, (body) => decodeCommonConfig(body, surprises))
    }
  }

  return {
    readConfig,
    walkAssets: (): AsyncIterable<ApplePage<Asset>> => walk('assets', decodeAssetPage),
    walkAssignments: (): AsyncIterable<ApplePage<Assignment>> =>
      walk('assignments', decodeAssignmentPage),
    walkUsers: (): AsyncIterable<ApplePage<AppleUser>> => walk('users', decodeUserPage),
    async hasAssignment(wanted) {
      const { adamId, pricingParam, targetKind, target } = wanted
      const query = { adamId, pricingParam, [targetKind]: target }
      for await (const { rows } of walk('assignments', decodeAssignmentPage, query)) {
        // Whether each filter is heeded is not settled by any source.
        if (rows.some((row) => isSame(row, wanted))) return true
      }
      return false
    },
    expectLocation: (uId) => {
      expectedLocation = uId
      if (limiterKey === uId) return
      // Known by its id, the location shares rate and pauses with whoever else asks about it (Apple 5).
      limiterKey = uId
      limiter.pause(uId, clock.now().getTime() + spacingMs)
    },
    log: {
      get requests() {
        return counts.requests
      },
      get pages() {
        return counts.pages
      },
      get tries() {
        return counts.tries
      },
      get waitedMs() {
        return counts.waitedMs
      },
      get unknownFields() {
        return surprises.names
      },
    },
  }
}

function isRightMissing(error: unknown): boolean {
  return error instanceof AppleTrouble && error.finding.reason === 'insufficientRights'
}

function isSame(one: Assignment, other: Assignment): boolean {
  return (
    one.adamId === other.adamId &&
    one.pricingParam === other.pricingParam &&
    one.targetKind === other.targetKind &&
    one.target === other.target
  )
}

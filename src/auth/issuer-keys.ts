/**
 * The keys of one issuer elsewhere, kept at hand: read again when they get old or a token names one that is not among them,
 * and not more often than a bound allows, whatever tokens come. (jose's own remote key set would do, but for its clock.)
 */
import type { CompactJWSHeaderParameters, CryptoKey } from 'jose'
import { JOSEError } from 'jose/errors'
import type { Clock } from '../model/clock.ts'
import { Failure } from '../model/failure.ts'
import type { Observe } from '../ports/observer.ts'
import type { FetchJson } from './fetch-json.ts'
import { IssuerTrouble } from './issuer-trouble.ts'
import { type PublishedKeys, publishedKeys } from './published-keys.ts'

export interface IssuerKeysDeps {
  readonly fetchJson: FetchJson
  readonly clock: Clock
  readonly observe: Observe
  /** Told when the issuer shows other keys than before: what was verified with the old ones must be verified again. */
  readonly onChange: () => void
  /** Ends what is under way when the service stops. */
  readonly stopped: AbortSignal
}

export interface IssuerKeys {
  /**
   * The key that a header names; undefined when the issuer has none such. Failure `unavailable` when that cannot be said now,
   * because the issuer's keys cannot be read.
   */
  keyFor(header: CompactJWSHeaderParameters): Promise<CryptoKey | undefined>
  /** Tries until the keys were read once or the service stops. Never rejects. */
  readFirst(): Promise<void>
}

interface Held {
  readonly keys: PublishedKeys
  readonly text: string
  readonly readAtMs: number
}

const readLimitMs = 5_000
/** Read again, beside the requests, from this age on. */
const refreshAfterMs = 10 * 60_000
/** An issuer that is down for a while stops nobody; for longer, a key that it has withdrawn could go on. */
const usableMs = 60 * 60_000
/** Made-up key ids must not make a request each. */
const cooldownMs = 10_000
const firstRetryMs = 1_000
const longestRetryMs = 60_000

export function issuerKeys(issuer: string, deps: IssuerKeysDeps): IssuerKeys {
  const { clock, observe, onChange, stopped } = deps
  const nowMs = () => clock.now().getTime()
  let held: Held | undefined
  let reading: Promise<void> | undefined
  let failures = 0
  let trouble = 'they have not been read yet'
  let triedAtMs = Number.NEGATIVE_INFINITY

  /** Also 0 when the clock was put back: nobody waits for a time that is long past. */
  function waitMs(): number {
    const elapsedMs = nowMs() - triedAtMs
    const pauseMs =
      failures === 0 ? cooldownMs : Math.min(firstRetryMs * 2 ** (failures - 1), longestRetryMs)
    return elapsedMs < 0 ? 0 : Math.max(0, pauseMs - elapsedMs)
  }

  async function read(): Promise<void> {
    triedAtMs = nowMs()
    try {
      const keys = await withinLimit((signal) => publishedKeys(issuer, deps.fetchJson, signal))
      const text = JSON.stringify(keys.jwks())
      const isChanged = held !== undefined && held.text !== text
      held = { keys, text, readAtMs: nowMs() }
      failures = 0
      if (isChanged) onChange()
    } catch (error) {
      if (stopped.aborted) throw stopping()
      failures += 1
      triedAtMs = nowMs()
      trouble = error instanceof IssuerTrouble ? error.message : 'its keys cannot be read'
      observe({ kind: 'issuerKeysUnread', issuer, reason: trouble, failures })
      throw unavailable()
    }
  }

  /** One reading at a time, which all who wait share. */
  function readNow(): Promise<void> {
    reading ??= read().finally(() => {
      reading = undefined
    })
    return reading
  }

  async function withinLimit<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const late = new AbortController()
    const ended = new AbortController()
    const limit = clock.sleep(readLimitMs, ended.signal).then(
      () => late.abort(),
      () => undefined,
    )
    try {
      return await work(AbortSignal.any([late.signal, stopped]))
    } finally {
      ended.abort()
      await limit
    }
  }

  async function usableKeys(): Promise<PublishedKeys> {
    const ageMs = held ? nowMs() - held.readAtMs : Number.POSITIVE_INFINITY
    if (ageMs >= usableMs) {
      if (!reading && failures > 0 && waitMs() > 0) throw unavailable()
      await readNow()
    } else if (ageMs >= refreshAfterMs && !reading && waitMs() === 0)
      // It was observed; the keys at hand still count.
      readNow().catch(() => undefined)
    if (held) return held.keys
    throw unavailable()
  }

  function unavailable(): Failure {
    return new Failure(
      'unavailable',
      `The access token cannot be checked at present: of its issuer ${issuer} the keys are not to be had, because ${trouble}. Try again shortly.`,
      { retryAfterSeconds: Math.max(1, Math.ceil(waitMs() / 1_000)) },
    )
  }

  return {
    async keyFor(header) {
      const known = await pick(await usableKeys(), header)
      if (known) return known
      if (!reading && waitMs() > 0) {
        if (failures > 0) throw unavailable()
        return undefined
      }
      await readNow()
      return pick(await usableKeys(), header)
    },
    async readFirst() {
      while (!held && !stopped.aborted) {
        await readNow().catch(() => undefined)
        if (!held) await clock.sleep(waitMs(), stopped).catch(() => undefined)
      }
    },
  }
}

/** A header without a key id fits where a single key does. */
async function pick(
  keys: PublishedKeys,
  header: CompactJWSHeaderParameters,
): Promise<CryptoKey | undefined> {
  try {
    return await keys(header)
  } catch (error) {
    // jose names in its errors what is wrong with a header or a key; for all of them no key can be had.
    if (error instanceof JOSEError) return undefined
    throw error
  }
}

function stopping(): Failure {
  return new Failure('unavailable', 'The service is being stopped. Try again shortly.', {
    retryAfterSeconds: 1,
  })
}

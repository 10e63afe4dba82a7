/** Questions to the store's lookup: in batches, at its own pace, without login first (Apple 8). */
import { AppleTrouble } from '../model/apple-finding.ts'
import { instantOf } from '../model/date-time-offset.ts'
import type { AppMetadata, AppMetadataSource, Storefront } from '../ports/app-metadata.ts'
import { call, type Network } from './call.ts'
import { decodeLookup } from './decode-lookup.ts'
import { noUsableAnswer } from './errors.ts'
import { type JsonObject, OtherShape } from './json.ts'
import { createLimiter, LocationPaused } from './limiter.ts'
import { createLookupCache } from './lookup-cache.ts'
import type { LookupPlaceReader } from './lookup-place.ts'
import { type Refusal, refusal } from './refusal.ts'
import { cappedRetryAfter, type RetryState, type Tried, withRetries } from './retry.ts'

export interface LookupSettings {
  readonly place: LookupPlaceReader
  readonly network: Network
  /** A BCP 47 tag; absent = the storefront's own language. */
  readonly language?: string
  /** 0 up to, not including, 1. */
  readonly random: () => number
}

export const mostIds = 100
/** Between the starts of two calls of this process. */
const spacingMs = 1_000
/** For all the calls that answer one question. */
const mostRetries = 2
/** One rate for all: nothing says that the lookup counts by location. */
const limiterKey = 'lookup'

export function createLookup(settings: LookupSettings): AppMetadataSource['lookUp'] {
  const { place, network, language, random } = settings
  const { clock } = network
  const limiter = createLimiter(clock)
  const cache = createLookupCache(clock)

  async function askOnce(
    url: URL,
    country: string,
    credential: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Tried<ReadonlyMap<string, AppMetadata>>> {
    const leave = await enter(signal)
    try {
      const asked = { url, shape: `GET ${url.pathname}` }
      const login =
        credential === undefined ? {} : ({ credential, credentialAs: 'cookie' } as const)
      const outcome = await call(network, { ...asked, ...login }, signal)
      if (outcome.ok) return judged(outcome.body, country, url.host)
      const pauseMs = cappedRetryAfter(outcome.refusal)
      if (pauseMs > 0) limiter.pause(limiterKey, clock.now().getTime() + pauseMs)
      return { ok: false, refusal: finalIfOurs(outcome.refusal) }
    } finally {
      leave()
    }
  }

  async function enter(signal?: AbortSignal): Promise<() => void> {
    try {
      return await limiter.enter(limiterKey, spacingMs, signal)
    } catch (error) {
      if (!(error instanceof LocationPaused)) throw error
      const { reason } = noUsableAnswer
      const notBefore = instantOf(new Date(error.untilMs))
      throw new AppleTrouble({ reason, isDefinite: false, detail: error.message, notBefore })
    }
  }

  return async (storefront, adamIds, credential, signal) => {
    const retries: RetryState = { clock, random, retriesLeft: mostRetries, waits: () => undefined }
    const known = new Map<string, AppMetadata>()
    const ask = async (ids: readonly string[], login?: string) => {
      const { url } = await place.read(signal)
      const address = lookupAddress(url, storefront, language, ids)
      const attempt = () => askOnce(address, storefront.country, login, signal)
      return withRetries(attempt, retries, signal)
    }
    const learn = (adamId: string, metadata: AppMetadata | null | undefined) => {
      if (metadata) known.set(adamId, metadata)
    }

    const wanted = [...new Set(adamIds)].filter((id) => /^\d{1,20}$/.test(id))
    const unknown = wanted.filter((id) => cache.find(storefront, id) === undefined)
    for (const adamId of wanted) learn(adamId, cache.find(storefront, adamId))
    for (const ids of batches(unknown)) {
      const found = await ask(ids)
      for (const adamId of ids) {
        cache.put(storefront, adamId, found.get(adamId) ?? null)
        learn(adamId, found.get(adamId))
      }
    }
    // Custom apps, and apps no longer sold, are shown to those who own them.
    const hidden = wanted.filter((id) => !known.has(id))
    if (hidden.length === 0 || !(await place.read(signal)).takesCredential) return known
    for (const ids of batches(hidden)) {
      const found = await ask(ids, credential)
      for (const adamId of ids) learn(adamId, found.get(adamId))
    }
    return known
  }
}

function lookupAddress(
  place: URL,
  { platform, country }: Storefront,
  language: string | undefined,
  ids: readonly string[],
): URL {
  const url = new URL(place)
  const query = {
    version: '2',
    id: ids.join(','),
    p: 'mdm-lockup',
    caller: 'MDM',
    platform,
    cc: country,
    ...(language === undefined ? {} : { l: language }),
  }
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url
}

function judged(
  body: JsonObject,
  country: string,
  host: string,
): Tried<ReadonlyMap<string, AppMetadata>> {
  try {
    return { ok: true, value: decodeLookup(body, country) }
  } catch (error) {
    if (!(error instanceof OtherShape)) throw error
    return { ok: false, refusal: refusal(noUsableAnswer, { detail: error.message, host }) }
  }
}

/** The same question again would be refused again. */
function finalIfOurs(refused: Refusal): Refusal {
  const { httpStatus = 0 } = refused.finding
  const isOurs = httpStatus >= 400 && httpStatus < 500 && httpStatus !== 429
  return isOurs ? { ...refused, meaning: { ...refused.meaning, retry: 'never' } } : refused
}

function* batches(ids: readonly string[]) {
  for (let from = 0; from < ids.length; from += mostIds) yield ids.slice(from, from + mostIds)
}

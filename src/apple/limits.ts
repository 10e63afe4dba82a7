/** Apple's limits as `service/config` tells them (Apple 3.1, C3): asked without login, good for under five minutes, shared by all callers. */
import type { AppleFinding } from '../model/apple-finding.ts'
import type { Clock } from '../model/clock.ts'
import type { Outcome } from './call.ts'
import { isJsonObject, type JsonObject } from './json.ts'
import { orAborted } from './or-aborted.ts'

/** What holds where Apple does not say otherwise. */
export const defaultLimits = {
  maxAssets: 25,
  maxUsers: 100,
  maxClientUserIds: 1_000,
  maxSerialNumbers: 1_000,
  maxRevokeClientUserIds: 100,
  maxRevokeSerialNumbers: 100,
  maxNotificationLength: 512,
  maxMdmIdLength: 100,
  maxMdmNameLength: 100,
  maxMdmMetadataLength: 255,
  maxSubscriptions: 25,
  maxSubscriptionClientUserIds: 1_000,
  maxRequestPerSecond: 15,
} as const

export type Limits = Readonly<Record<keyof typeof defaultLimits, number>>

export interface LimitsReader {
  /**
   * Never fails for Apple's sake: then the last known values hold, else the defaults, and `refused` is told why. Rejects with the
   * signal's reason, and as where they are kept does.
   */
  read(signal?: AbortSignal, refused?: (finding: AppleFinding) => void): Promise<Limits>
  /** Apple has shown that they are no longer true: whoever reads next has them asked for anew. */
  expire(): void
}

/** What Apple told last, and when, by the clock of whoever asked; milliseconds since 1970. */
export interface ToldLimits {
  readonly toldAtMs: number
  readonly limits: Limits
}

/** Beyond this process and its life. */
export interface KeptLimits {
  find(): Promise<ToldLimits | undefined>
  put(told: ToldLimits): Promise<void>
}

/** Half a minute short of Apple's five, so that a request still waiting for its turn is not sent on older ones. */
const freshForMs = 270_000

/**
 * `askServiceConfig` makes one call, without retries: the requests that follow meet the same trouble and report it. What another
 * process has been told lately is not asked for again.
 */
export function createLimitsReader(
  askServiceConfig: () => Promise<Outcome>,
  clock: Clock,
  kept?: KeptLimits,
): LimitsReader {
  let known: ToldLimits = { toldAtMs: Number.NEGATIVE_INFINITY, limits: defaultLimits }
  /** Also of an answer that told nothing. */
  let askedAtMs = Number.NEGATIVE_INFINITY
  let hasExpired = false
  let pending: Promise<AppleFinding | undefined> | undefined

  const nowMs = () => clock.now().getTime()
  const isFresh = (atMs: number) => nowMs() >= atMs && nowMs() - atMs < freshForMs

  async function refresh(): Promise<AppleFinding | undefined> {
    try {
      const told = await kept?.find()
      if (told && told.toldAtMs > known.toldAtMs) known = told
      if (hasExpired || !isFresh(known.toldAtMs)) return await ask()
      askedAtMs = known.toldAtMs
      return undefined
    } finally {
      pending = undefined
    }
  }

  async function ask(): Promise<AppleFinding | undefined> {
    hasExpired = false
    const outcome = await askServiceConfig()
    askedAtMs = nowMs()
    if (!outcome.ok) return outcome.refusal.finding
    known = { toldAtMs: askedAtMs, limits: decodeLimits(outcome.body, known.limits) }
    await kept?.put(known)
    return undefined
  }

  return {
    async read(signal, refused) {
      if (!hasExpired && isFresh(askedAtMs)) return known.limits
      signal?.throwIfAborted()
      pending ??= refresh()
      const finding = await orAborted(pending, signal)
      if (finding)
        refused?.({ ...finding, detail: `service/config: ${finding.detail ?? 'refused'}` })
      return known.limits
    },
    expire() {
      hasExpired = true
    },
  }
}

/** A limit that is missing has its default; one that cannot be read, or an answer without limits, changes nothing. */
export function decodeLimits(body: JsonObject, known: Limits): Limits {
  const given = body.limits
  if (!isJsonObject(given)) return known
  const names = Object.keys(defaultLimits) as readonly (keyof Limits)[]
  const entries = names.map((name) => {
    const value = given[name] ?? defaultLimits[name]
    return [name, Number.isSafeInteger(value) && Number(value) > 0 ? value : known[name]]
  })
  return Object.fromEntries(entries) as Limits
}

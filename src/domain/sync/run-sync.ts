/**
 * Brings one token up to date with Apple: the credential is opened, the location learned, its lists walked, the result
 * written last and at once. No call to Apple is made inside a transaction; each transaction checks the fence.
 */
import { type AppleFinding, AppleTrouble } from '../../model/apple-finding.ts'
import { parseContentToken } from '../../model/content-token.ts'
import { instantOf } from '../../model/date-time-offset.ts'
import { Failure } from '../../model/failure.ts'
import { traceOf } from '../../model/observation.ts'
import type { TakenToken } from '../../ports/instance-store.ts'
import { beginRun } from './begin-run.ts'
import { endRun, postponeRun, supersedeRun } from './end-run.ts'
import type { HeldLeases } from './held-leases.ts'
import { olderTwin } from './older-twin.ts'
import { proveRenewal } from './prove-renewal.ts'
import { refreshMetadata } from './refresh-metadata.ts'
import { registerNotifications } from './register-notifications.ts'
import { type BegunRun, noProgress, type SyncDeps } from './run-context.ts'
import { isSuperseded } from './superseded.ts'
import { isGivenUp, isOursNow, tendOwnership, watchAnswers } from './tend-ownership.ts'
import { walkLocation } from './walk-location.ts'

export type RunOutcome =
  | 'completed'
  | 'failed'
  /** Overtaken by a change or by another run: nothing was written at its end. */
  | 'superseded'
  /** Another run holds the location: the run waits in the queue. */
  | 'postponed'
  /** Stopped by the signal between two chunks: taken up again when the token is taken next. */
  | 'interrupted'
  /** Only the expiry was due: it is written, nobody was asked. */
  | 'expired'

/** Rejects only for an error that nobody foresaw; the run is then closed as failed if it could be. */
export async function runSync(
  deps: SyncDeps,
  taken: TakenToken,
  leases: HeldLeases,
  signal: AbortSignal,
): Promise<RunOutcome> {
  const begun = await begin(deps, taken, leases, signal)
  if (typeof begun === 'string') return begun
  try {
    const finding = await converse(deps, begun, leases, signal)
    if (isPostponed(finding)) {
      await postponeRun(begun, finding.locationId)
      return 'postponed'
    }
    return await endRun(deps, begun, finding)
  } catch (error) {
    return breakOff(deps, begun, error, signal)
  }
}

async function begin(
  deps: SyncDeps,
  taken: TakenToken,
  leases: HeldLeases,
  signal: AbortSignal,
): Promise<BegunRun | 'superseded' | 'expired'> {
  try {
    const begun = await beginRun(deps, taken)
    if (begun.kind === 'expired') return 'expired'
    const { run, state, token, sealed, pending } = begun
    return {
      taken,
      tenant: deps.storage.forTenant(taken.tenantId),
      run,
      state,
      startedAt: deps.clock.now(),
      token,
      sealed,
      pending,
      progress: noProgress(),
      async checkpoint() {
        signal.throwIfAborted()
        await leases.refresh()
      },
    }
  } catch (error) {
    if (isSuperseded(error)) return 'superseded'
    throw error
  }
}

/** Another run holds the location that was just learned. */
interface Postponed {
  readonly locationId: string
}

function isPostponed(outcome: AppleFinding | null | Postponed): outcome is Postponed {
  return outcome !== null && 'locationId' in outcome
}

/** Everything that asks Apple. Null = went well, else why it did not. */
async function converse(
  deps: SyncDeps,
  begun: BegunRun,
  leases: HeldLeases,
  signal: AbortSignal,
): Promise<AppleFinding | null | Postponed> {
  const { taken, tenant, token, progress } = begun
  const renewed = await proveRenewal(deps, begun, signal)
  const content = renewed?.parsed ?? openContent(deps, begun)
  if (!content.ok) return verdict('unreadableToken', content.problem.message)

  const { outer } = content.value
  const conversation =
    progress.conversation?.continueAs(outer) ??
    deps.apple.converse(outer, taken.lease.locationKey, signal)
  progress.conversation = conversation
  const config = await conversation.readConfig()
  const { locationId } = token.record
  if (locationId !== null && locationId !== config.uId)
    return verdict('locationMismatch', config.uId)
  if (!(await leases.add(config.uId))) return { locationId: config.uId }

  conversation.expectLocation(config.uId)
  progress.accepted = { config, at: instantOf(deps.clock.now()) }
  const ownership = await tendOwnership(deps, begun, conversation)
  const twin = olderTwin(token, await tenant.reads.tokens.listByLocation(config.uId))
  // A location that somebody else manages is read all the same (Apple 9.4): that row stands before the twin's.
  const holderId = progress.accepted.config.mdm?.id ?? null
  progress.isDuplicate = twin !== undefined && (holderId === null || holderId === ownership?.mdmId)
  if (!progress.isDuplicate && !isGivenUp(ownership)) {
    const seen = conversation.log.mdmIds.length
    await walkLocation(deps, begun, conversation)
    await watchAnswers(deps, begun, conversation, seen)
    await refreshMetadata(deps, begun, outer, signal)
    if (await isOursNow(begun)) await registerNotifications(deps, begun, conversation)
  }
  return null
}

function openContent({ secretBox }: SyncDeps, { taken, sealed }: BegunRun) {
  const place = { tenantId: taken.tenantId, recordId: taken.tokenId, property: 'token' } as const
  return parseContentToken(sealed ? secretBox.open(place, sealed) : '')
}

function verdict(reason: AppleFinding['reason'], detail: string): AppleFinding {
  return { reason, isDefinite: true, detail }
}

async function breakOff(
  deps: SyncDeps,
  begun: BegunRun,
  error: unknown,
  signal: AbortSignal,
): Promise<RunOutcome> {
  const cause = signal.aborted ? signal.reason : error
  if (isSuperseded(cause)) {
    await supersedeRun(deps, begun)
    return 'superseded'
  }
  if (signal.aborted) return 'interrupted'
  // The database's trouble says nothing about the token: the run is taken up again when the location has rested.
  if (error instanceof Failure && error.code === 'unavailable') throw error
  if (error instanceof AppleTrouble) return endAs(deps, begun, error.finding)
  await endAs(deps, begun, unforeseen(error)).catch((second: unknown) => {
    throw new AggregateError([error, second], 'A run crashed and could not be closed.')
  })
  throw error
}

/** The token may have changed or gone in the meantime. */
async function endAs(
  deps: SyncDeps,
  begun: BegunRun,
  finding: AppleFinding,
): Promise<'failed' | 'completed' | 'superseded'> {
  try {
    return await endRun(deps, begun, finding)
  } catch (error) {
    if (!isSuperseded(error)) throw error
    await supersedeRun(deps, begun)
    return 'superseded'
  }
}

function unforeseen(error: unknown): AppleFinding {
  const detail = error instanceof Failure ? error.message : traceOf(error).split(' ')[0]
  return { reason: 'clientDefect', isDefinite: false, ...(detail ? { detail } : {}) }
}

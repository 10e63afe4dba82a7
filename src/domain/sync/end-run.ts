/** The last step, one transaction: facts, state, counts, the run's row and the audit, or nothing of it. */
import type { AppleFinding } from '../../model/apple-finding.ts'
import { type Instant, instantOf, neverInstant, utc } from '../../model/date-time-offset.ts'
import type { StoredToken } from '../../model/stored-token.ts'
import { noFigures, type RunFigures, type RunStatus, type SyncRun } from '../../model/sync-run.ts'
import type { AppleList } from '../../model/sync-state.ts'
import { tokenName } from '../../model/token-name.ts'
import type { TenantStores } from '../../ports/storage.ts'
import { nextSyncAfter } from './due.ts'
import { keepState, nextWalkDueAt } from './list-states.ts'
import { isOlder, olderTwin } from './older-twin.ts'
import { dropRenewal, withDroppedRenewal } from './prove-renewal.ts'
import type { BegunRun, RunProgress, SyncDeps } from './run-context.ts'
import { settleOwnership } from './settle-ownership.ts'
import { auditState } from './state-audit.ts'
import { stayDueForIntents } from './stay-due.ts'
import { tokenAfterRun } from './token-after-run.ts'
import { withNews } from './with-news.ts'

type EndDeps = Pick<SyncDeps, 'clock' | 'newId' | 'random' | 'observe'>

/**
 * Ends a run as completed (no finding) or failed. Failure `superseded` when the token is gone or its fence is another; then
 * nothing is written.
 */
export async function endRun(
  deps: EndDeps,
  begun: BegunRun,
  finding: AppleFinding | null,
): Promise<'completed' | 'failed'> {
  const { taken, tenant, progress } = begun
  const status = finding === null ? 'completed' : 'failed'
  const endedAt = instantOf(deps.clock.now())
  const run = closed(begun, status, finding, endedAt)
  const ended = await tenant.transaction(async (stores) => {
    await stores.tokens.checkFence(taken.tokenId, taken.fence)
    // Read again: a caller may have changed what belongs to callers.
    const stored = await stores.tokens.get(taken.tokenId)
    const now = deps.clock.now()
    const { token, ownership, lookAgainAt } = await settleOwnership(
      deps,
      stores,
      begun,
      stored,
      now,
    )
    const locationId = progress.accepted?.config.uId ?? token.record.locationId
    const twins = locationId === null ? [] : await stores.tokens.listByLocation(locationId)
    const twin = olderTwin(token, twins)
    const regular =
      progress.isDuplicate && !twin
        ? // The older twin went away while this run still kept back for it.
          instantOf(now)
        : nextSyncAfter({
            now,
            finding,
            failuresInARow: finding ? await failuresInARow(stores, run) : 0,
            rowsSuspect: progress.rowsSuspect,
            walkDueAt: nextWalkDueAt(progress.lists),
            random: deps.random(),
          })
    const isSooner = finding === null && lookAgainAt !== null && lookAgainAt < regular
    const nextSyncAt = isSooner ? lookAgainAt : regular
    const totals = progress.isWalked ? await stores.assets.totals(taken.tokenId) : null
    const synced = tokenAfterRun(
      token,
      { accepted: progress.accepted, finding, isClaimTaken: progress.isClaimTaken, totals },
      { olderTwinName: twin ? tokenName(twin.record) : null, runId: run.id, ownership },
      { endedAt, nextSyncAt, now },
    )
    const { droppedRenewal } = progress
    const after = droppedRenewal ? withDroppedRenewal(synced, droppedRenewal) : synced
    if (droppedRenewal)
      await dropRenewal(stores, begun, droppedRenewal, { id: deps.newId(), at: instantOf(now) })
    const lastModifiedDateTime = utc(instantOf(now))
    await stores.tokens.update({ ...after, record: { ...after.record, lastModifiedDateTime } })
    await stayDueForIntents(stores, taken.tokenId)
    const recorded = await withNews(stores, run, progress.accepted ? after : null)
    await stores.runs.update(recorded)
    await keepState(stores, begun, status)
    const event = { id: deps.newId(), at: instantOf(now), runId: run.id }
    await auditState(stores, stored, after, event)
    const isFirstAnswer = token.record.lastVerifiedDateTime.instant === neverInstant
    if (isFirstAnswer) await wakeYoungerTwins(stores, token, twins, now)
    return recorded
  })
  observeEnd(deps, begun, ended)
  return status
}

/** Marks the run as overtaken, if it is still this token's active one; nothing else is written. */
export async function supersedeRun(deps: EndDeps, begun: BegunRun): Promise<void> {
  const run = closed(begun, 'superseded', null, instantOf(deps.clock.now()))
  await begun.tenant.transaction(async (stores) => {
    const active = await stores.runs.findActive(run.tokenId)
    if (active?.id === run.id) await stores.runs.update(run)
  })
  observeEnd(deps, begun, run)
}

/**
 * Another run holds the location: the run waits for another turn. The location is kept, so that the next turn waits for its
 * lease instead of asking Apple whose token this is.
 */
export function postponeRun({ taken, tenant, run }: BegunRun, locationId: string): Promise<void> {
  return tenant.transaction(async (stores) => {
    await stores.tokens.checkFence(taken.tokenId, taken.fence)
    const token = await stores.tokens.get(taken.tokenId)
    await stores.tokens.update({ ...token, record: { ...token.record, locationId } })
    await stores.runs.update({ ...run, status: 'queued', startedAt: null })
  })
}

/** A record that was taken for the oldest of its location learns otherwise at its own run (graph 9, row 11). */
async function wakeYoungerTwins(
  stores: TenantStores,
  token: StoredToken,
  twins: readonly StoredToken[],
  now: Date,
): Promise<void> {
  for (const twin of twins) {
    if (isOlder(token, twin) && twin.record.state !== 'duplicateLocationId')
      await stores.tokens.makeDue(twin.record.id, instantOf(now))
  }
}

/** Failures in a row beyond which waiting grows no more. */
const longestStreak = 8

/** How many runs in a row, the given one included, failed for a passing trouble. */
async function failuresInARow({ runs }: TenantStores, run: SyncRun): Promise<number> {
  const { rows } = await runs.list(run.tokenId, { limit: longestStreak })
  const before = rows.filter(({ id, status }) => id !== run.id && status !== 'superseded')
  const end = before.findIndex((old) => old.status !== 'failed' || old.finding?.isDefinite)
  return 1 + (end === -1 ? before.length : end)
}

function closed(
  { run, state, progress }: BegunRun,
  status: RunStatus,
  finding: AppleFinding | null,
  endedAt: Instant,
): SyncRun {
  return {
    ...run,
    status,
    endedAt,
    finding: finding ?? progress.droppedRenewal,
    figures: { ...noFigures, ...figuresOf(progress) },
    versionsBefore: ofLists(state, ({ versionId }) => versionId),
    versions: ofLists(progress.lists, ({ versionId }) => versionId),
    readings: ofLists(progress.lists, ({ reading }) => reading),
    counts: progress.counts,
    refusals: progress.conversation?.log.refusals ?? [],
    unknownFields: progress.conversation?.log.unknownFields ?? [],
  }
}

function ofLists<From, To>(
  lists: Readonly<Partial<Record<AppleList, From>>>,
  fact: (list: From) => To,
): Readonly<Partial<Record<AppleList, To>>> {
  return Object.fromEntries(
    Object.entries(lists).map(([list, from]) => [list, fact(from)] as const),
  )
}

/** The drift is known when the run ends. */
function figuresOf(progress: RunProgress): Omit<RunFigures, 'expirationDriftSeconds'> {
  const { requests, pages, tries, waitedMs } = progress.conversation?.log ?? noFigures
  const { rowsAdded, rowsChanged, rowsRemoved, rowsSuspect } = progress
  const { changesUnlisted, assetsUneven } = progress
  return {
    ...{ requests, pages, tries, waitedMs },
    ...{ rowsAdded, rowsChanged, rowsRemoved, rowsSuspect, changesUnlisted, assetsUneven },
  }
}

function observeEnd({ clock, observe }: EndDeps, begun: BegunRun, run: SyncRun): void {
  observe({
    kind: 'runEnded',
    runId: run.id,
    tenantId: begun.taken.tenantId,
    tokenId: run.tokenId,
    status: run.status,
    ...(run.finding ? { finding: run.finding } : {}),
    figures: run.figures,
    durationMs: clock.now().getTime() - begun.startedAt.getTime(),
  })
}

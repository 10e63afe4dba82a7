/** Asks the store for the names and facts of a token's apps and books, and for their pictures (Apple 8, 9.2). */
import { type Instant, instantOf, instantPlus } from '../../model/date-time-offset.ts'
import type { StoredItem } from '../../model/library-item.ts'
import type { VppToken } from '../../model/vpp-token.ts'
import type { AppMetadata, Storefront } from '../../ports/app-metadata.ts'
import { storeQuestions } from './asking-the-store.ts'
import type { MetadataRefresh } from './metadata-refresh.ts'
import { refreshIcons } from './refresh-icons.ts'
import type { BegunRun, SyncDeps } from './run-context.ts'
import { itemAfterLookup } from './store-facts.ts'
import { storedItems } from './stored-items.ts'
import { storefrontKey, storefrontOf } from './storefront.ts'
import { countries } from './token-after-run.ts'

/** What is asked at once, and what a failure loses at most. */
const batchSize = 100
/** How long an answer is good, a missing one too (Apple 8). */
export const freshMs = 24 * 3_600_000

/** Never fails for the store's sake; the next run goes on with what is left. */
export async function refreshMetadata(
  deps: SyncDeps,
  run: BegunRun,
  credential: string,
  signal: AbortSignal,
): Promise<void> {
  const store = storeQuestions(deps, run, signal)
  const tally = { asked: 0, changed: 0, icons: 0, iconsMissed: 0 }
  const refresh: MetadataRefresh = { deps, run, store, tally }
  try {
    const isWhole = (await refreshFacts(refresh, credential)) && (await refreshIcons(refresh))
    const durationMs = store.askingMs()
    if (durationMs === undefined) return
    const { tenantId, tokenId } = run.taken
    const ids = { runId: run.run.id, tenantId, tokenId }
    deps.observe({ kind: 'metadataRefreshed', ...ids, ...tally, isWhole, durationMs })
  } finally {
    store.close()
  }
}

/** Whether everything due was asked. */
async function refreshFacts(refresh: MetadataRefresh, credential: string): Promise<boolean> {
  const { deps, run, store } = refresh
  const token = tokenOf(run)
  for await (const items of storedItems(run)) {
    const now = instantOf(deps.clock.now())
    for (const { storefront, batch } of batches(items, token, now)) {
      if (storefront === undefined) {
        const { tenantId, tokenId } = run.taken
        deps.observe({ kind: 'storefrontUnknown', runId: run.run.id, tenantId, tokenId })
        return true
      }
      const adamIds = batch.map(({ record }) => record.adamId ?? '')
      const known = await store.ask((signal) =>
        deps.metadata.lookUp(storefront, adamIds, credential, signal),
      )
      if (known === undefined) return false
      await writeFacts(refresh, storefront, batch, known)
    }
  }
  return true
}

/** The token with what this run has learned of its country and kind. */
function tokenOf({ token: { record }, progress }: BegunRun): VppToken {
  if (progress.accepted === null) return record
  const { config } = progress.accepted
  const vppTokenAccountType = config.accountType ?? record.vppTokenAccountType
  return { ...record, ...countries(record, config), vppTokenAccountType }
}

function* batches(items: readonly StoredItem[], token: VppToken, now: Instant) {
  const oldest = instantPlus(now, -freshMs)
  const due = items.filter(({ record, metadataAt, metadataFrom }) => {
    const storefront = storefrontOf(token, record.contentKind)
    const isOfStorefront = storefront !== undefined && metadataFrom === storefrontKey(storefront)
    return !isOfStorefront || metadataAt === null || metadataAt <= oldest
  })
  const byPlatform = Map.groupBy(
    due,
    ({ record }) => storefrontOf(token, record.contentKind)?.platform,
  )
  for (const group of byPlatform.values()) {
    const [first] = group
    const storefront = first && storefrontOf(token, first.record.contentKind)
    for (let from = 0; from < group.length; from += batchSize)
      yield { storefront, batch: group.slice(from, from + batchSize) }
  }
}

async function writeFacts(
  { deps, run, tally }: MetadataRefresh,
  storefront: Storefront,
  batch: readonly StoredItem[],
  known: ReadonlyMap<string, AppMetadata>,
): Promise<void> {
  const asked = { at: instantOf(deps.clock.now()), from: storefrontKey(storefront) }
  const { tokenId, fence } = run.taken
  const values = batch.map((item) =>
    itemAfterLookup(item, known.get(item.record.adamId ?? ''), asked),
  )
  const withoutIcon = values.filter(
    ({ iconFrom }, index) => iconFrom === null && batch[index]?.iconFrom !== null,
  )
  await run.tenant.transaction(async (stores) => {
    await stores.tokens.checkFence(tokenId, fence)
    await stores.library.update(tokenId, values)
    for (const { record } of withoutIcon) await stores.library.putIcon(tokenId, record.id, null)
  })
  tally.asked += batch.length
  tally.changed += values.filter(({ record }, index) => record !== batch[index]?.record).length
}

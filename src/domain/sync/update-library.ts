/**
 * Brings a token's apps and books in line with its stored assets, in three passes of bounded chunks: which qualities there are;
 * the stored items against their assets; the assets that no item stands for. Assets vanish only after a complete walk
 * (remove-unseen.ts), and so do items. An item that is missing for any reason, such as an upgrade, is made up for.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Asset } from '../../model/apple-rows.ts'
import { instantOf } from '../../model/date-time-offset.ts'
import type { StoredItem } from '../../model/library-item.ts'
import type { NumberedRow } from '../../ports/apple-row-store.ts'
import type { ItemKey } from '../../ports/library-store.ts'
import type { TenantStores } from '../../ports/storage.ts'
import { compareLibrary, type LibraryDifferences } from './compare-library.ts'
import { changedItem, newItem } from './library-record.ts'
import type { BegunRun, SyncDeps } from './run-context.ts'
import { type SeenRows, seenRows } from './seen-rows.ts'
import { keyOf } from './stored-items.ts'

type LibraryDeps = Pick<SyncDeps, 'clock' | 'newId'>

/** Items, or assets, compared in one transaction. */
const chunkSize = 500

export async function updateLibrary(deps: LibraryDeps, run: BegunRun): Promise<void> {
  const qualities = await qualitiesOf(run)
  const standing = seenRows()
  let last: ItemKey | undefined
  do {
    last = await compareItems(deps, run, qualities, last, standing)
  } while (last !== undefined)
  for await (const assets of storedAssets(run)) {
    const missing = assets.filter(({ number }) => !standing.has(number))
    if (missing.length > 0) await insertItems(deps, run, qualities, missing, standing)
  }
}

/** Apple names two; another one is no reason to lose its licences (Apple C13). */
async function qualitiesOf(run: BegunRun): Promise<readonly string[]> {
  const qualities = new Set<string>()
  for await (const assets of storedAssets(run))
    for (const { row } of assets) qualities.add(row.pricingParam)
  return [...qualities]
}

async function* storedAssets(run: BegunRun): AsyncGenerator<readonly NumberedRow<Asset>[]> {
  let after = 0
  for (;;) {
    const assets = await run.tenant.reads.assets.list(run.taken.tokenId, after, chunkSize)
    const last = assets.at(-1)
    if (last === undefined) return
    after = last.number
    yield assets
    await nextTurn()
  }
}

/** The next chunk of stored items. Answers the key of its last one; undefined after the last chunk. */
async function compareItems(
  deps: LibraryDeps,
  run: BegunRun,
  qualities: readonly string[],
  after: ItemKey | undefined,
  standing: SeenRows,
): Promise<ItemKey | undefined> {
  const { tokenId } = run.taken
  return inChunk(run, standing, async (stores) => {
    const items = wholeApps(await stores.library.listOfToken(tokenId, after, chunkSize), after)
    const keys = items.map(keyOf)
    const adamIds = keys.map(({ adamId }) => adamId)
    const assets = await assetsOf(stores, tokenId, adamIds, qualities)
    await write(deps, stores, tokenId, compareLibrary(items, rowsOf(assets)))
    return { assets, value: keys.at(-1) }
  })
}

async function insertItems(
  deps: LibraryDeps,
  run: BegunRun,
  qualities: readonly string[],
  missing: readonly NumberedRow<Asset>[],
  standing: SeenRows,
): Promise<void> {
  const { tokenId } = run.taken
  const adamIds = missing.map(({ row }) => row.adamId)
  await inChunk(run, standing, async (stores) => {
    const assets = await assetsOf(stores, tokenId, adamIds, qualities)
    await write(deps, stores, tokenId, compareLibrary([], rowsOf(assets)))
    return { assets, value: undefined }
  })
}

/** One transaction. An item stands for the assets it answers once that is durable. */
async function inChunk<T>(
  run: BegunRun,
  standing: SeenRows,
  work: (stores: TenantStores) => Promise<{ assets: readonly NumberedRow<Asset>[]; value: T }>,
): Promise<T> {
  const { tokenId, fence } = run.taken
  await run.checkpoint()
  const { assets, value } = await run.tenant.transaction(async (stores) => {
    await stores.tokens.checkFence(tokenId, fence)
    return work(stores)
  })
  for (const { number } of assets) standing.add(number)
  return value
}

/**
 * Without the items of the last app when the chunk may have cut it in two, and without those that the chunk before has just
 * added to its own last app.
 */
function wholeApps(
  items: readonly StoredItem[],
  after: ItemKey | undefined,
): readonly StoredItem[] {
  const cut = items.length < chunkSize ? undefined : items.at(-1)?.record.adamId
  return items.filter(({ record }) => record.adamId !== cut && record.adamId !== after?.adamId)
}

function assetsOf(
  { assets }: TenantStores,
  tokenId: string,
  adamIds: readonly string[],
  qualities: readonly string[],
): Promise<readonly NumberedRow<Asset>[]> {
  const keys = [...new Set(adamIds)].flatMap((adamId) =>
    qualities.map((pricingParam) => ({ ...anyAsset, adamId, pricingParam })),
  )
  return assets.findSame(tokenId, keys)
}

/** Only its key is looked at. */
const anyAsset: Asset = {
  adamId: '',
  pricingParam: '',
  productType: '',
  totalCount: 0,
  availableCount: 0,
  assignedCount: 0,
  retiredCount: 0,
  isUnlimited: false,
  isDeviceAssignable: false,
  isRevocable: false,
  supportedPlatforms: [],
}

function rowsOf(assets: readonly NumberedRow<Asset>[]): readonly Asset[] {
  return assets.map(({ row }) => row)
}

async function write(
  { clock, newId }: LibraryDeps,
  { library }: TenantStores,
  tokenId: string,
  { insert, update, remove }: LibraryDifferences,
): Promise<void> {
  const now = instantOf(clock.now())
  if (insert.length > 0)
    await library.insert(
      tokenId,
      insert.map((owned) => newItem(owned, newId(), now)),
    )
  if (update.length > 0)
    await library.update(
      tokenId,
      update.map(({ stored, owned }) => changedItem(stored, owned, now)),
    )
  if (remove.length > 0)
    await library.remove(
      tokenId,
      remove.map(({ record }) => record.id),
    )
}

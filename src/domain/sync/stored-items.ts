/** The stored apps and books of a token, page by page. */
import type { StoredItem } from '../../model/library-item.ts'
import type { ItemKey } from '../../ports/library-store.ts'
import type { BegunRun } from './run-context.ts'

const pageSize = 500

/** As they are when their page is read; changing those of a page before the next one is read disturbs nothing. */
export async function* storedItems({
  tenant,
  taken,
}: Pick<BegunRun, 'tenant' | 'taken'>): AsyncGenerator<readonly StoredItem[]> {
  let after: ItemKey | undefined
  for (;;) {
    const items = await tenant.reads.library.listOfToken(taken.tokenId, after, pageSize)
    const last = items.at(-1)
    if (last === undefined) return
    after = keyOf(last)
    yield items
  }
}

export function keyOf({ record }: StoredItem): ItemKey {
  return { adamId: record.adamId ?? '', contentKind: record.contentKind }
}

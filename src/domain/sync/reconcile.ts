/** What has to change here so that it says what Apple's page says. Pure. */
import type { NumberedRow } from '../../ports/apple-row-store.ts'
import type { RowKind } from './apple-row-kinds.ts'

export interface Differences<Row> {
  readonly insert: readonly Row[]
  readonly update: readonly {
    readonly before: NumberedRow<Row>
    readonly after: NumberedRow<Row>
  }[]
  /** Numbers of the stored rows that the page shows, changed or not. */
  readonly seen: readonly number[]
}

/**
 * Compares rows of a page with the stored rows of the same keys. Rows may shift between and within Apple's pages, so a key
 * may come twice (Apple 3.2): the later one says it.
 */
export function reconcile<Row>(
  kind: RowKind<Row>,
  pageRows: readonly Row[],
  stored: readonly NumberedRow<Row>[],
): Differences<Row> {
  const storedByKey = new Map(stored.map((numbered) => [kind.keyOf(numbered.row), numbered]))
  const shownByKey = new Map(pageRows.map((row) => [kind.keyOf(row), row]))
  const insert: Row[] = []
  const update: Differences<Row>['update'][number][] = []
  const seen: number[] = []
  for (const [key, row] of shownByKey) {
    const known = storedByKey.get(key)
    if (known === undefined) {
      insert.push(row)
      continue
    }
    seen.push(known.number)
    if (!kind.isSame(known.row, row))
      update.push({ before: known, after: { number: known.number, row } })
  }
  return { insert, update, seen }
}

/** What has to change here so that it says what Apple's page says. Pure. */
import type { NumberedRow } from '../../ports/apple-row-store.ts'
import type { RowKind } from './apple-row-kinds.ts'

export interface Differences<Row> {
  readonly insert: readonly Row[]
  readonly update: readonly RowUpdate<Row>[]
  /** Numbers of the stored rows that the page shows, changed or not. */
  readonly seen: readonly number[]
}

export interface RowUpdate<Row> {
  readonly before: NumberedRow<Row>
  readonly after: NumberedRow<Row>
}

/**
 * Compares rows of a page with the stored ones of the same keys (`AppleRowReads.findEach`). Rows may shift between and within
 * Apple's pages, so a key may come twice (Apple 3.2): the later one says it.
 */
export function reconcile<Row>(
  kind: RowKind<Row>,
  pageRows: readonly Row[],
  stored: readonly (NumberedRow<Row> | undefined)[],
): Differences<Row> {
  const inserts = distinctRows(kind)
  const updates = new Map<number, RowUpdate<Row>>()
  const seen: number[] = []
  pageRows.forEach((row, index) => {
    const known = stored[index]
    if (known === undefined) {
      inserts.put(row)
      return
    }
    const { number } = known
    seen.push(number)
    if (!kind.isSame(known.row, row)) updates.set(number, { before: known, after: { number, row } })
    else if (updates.size > 0) updates.delete(number)
  })
  return { insert: inserts.rows, update: [...updates.values()], seen }
}

/** Each key once, in the order in which it came first. Building a text out of a key costs ten times what this does. */
function distinctRows<Row>({ labelOf, hasSameKey }: RowKind<Row>) {
  const rows: Row[] = []
  const placesByLabel = new Map<string, number[]>()
  return {
    rows,
    put(row: Row): void {
      const label = labelOf(row)
      const places = placesByLabel.get(label)
      const known = places?.find((place) => {
        const other = rows[place]
        return other !== undefined && hasSameKey(other, row)
      })
      if (known !== undefined) {
        rows[known] = row
        return
      }
      if (places) places.push(rows.length)
      else placesByLabel.set(label, [rows.length])
      rows.push(row)
    },
  }
}

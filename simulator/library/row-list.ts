/** Rows that can be counted and cut into pages without having all of them at hand; an array is one. */
export interface RowList<Row> {
  readonly length: number
  slice(start: number, end: number): Row[]
}

/** The parts one behind the other. */
export function joined<Row>(parts: readonly RowList<Row>[]): RowList<Row> {
  return {
    length: parts.reduce((sum, part) => sum + part.length, 0),
    slice(start, end) {
      const rows: Row[] = []
      let first = 0
      for (const part of parts) {
        if (first >= end) break
        const from = Math.max(start - first, 0)
        const to = Math.min(end - first, part.length)
        for (const row of from < to ? part.slice(from, to) : []) rows.push(row)
        first += part.length
      }
      return rows
    },
  }
}

/** What a store can be asked for a list: pages by key, never by offset. */
export interface ListQuery {
  /** Rows per page, at least 1. */
  readonly limit: number
  /** The key of the last row of the page before; absent = the first page. */
  readonly after?: string
}

export interface Page<Row> {
  readonly rows: readonly Row[]
  /** Where the next page begins; absent on the last page. */
  readonly next?: string
}

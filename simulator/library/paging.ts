import type { RowList } from './row-list.ts'

export interface Page<Row> {
  rows: Row[]
  currentPageIndex: number
  nextPageIndex: number | undefined
  size: number
  totalPages: number
}

/**
 * Zero-based pages; undefined when the index is out of range, which is answered with 9650 (Apple contract 3.2).
 * Page 0 of an empty list exists; how many pages such a list names is a switch (11.4 emptyTotalPages).
 */
export function pageOf<Row>(
  rows: RowList<Row>,
  pageIndex: number,
  pageSize: number,
  emptyTotalPages: 0 | 1,
): Page<Row> | undefined {
  const pages = Math.ceil(rows.length / pageSize)
  if (pageIndex < 0 || pageIndex > Math.max(pages - 1, 0)) return undefined
  const page = rows.slice(pageIndex * pageSize, (pageIndex + 1) * pageSize)
  return {
    rows: page,
    currentPageIndex: pageIndex,
    nextPageIndex: pageIndex + 1 < pages ? pageIndex + 1 : undefined,
    size: page.length,
    totalPages: pages === 0 ? emptyTotalPages : pages,
  }
}

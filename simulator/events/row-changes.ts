import { addRows, removeRows } from '../library/assignment-rows.ts'
import type { AssetKey, Assignment, Library, Target } from '../library/library.ts'
import type { BeginVersion } from '../library/versions.ts'

/** Rows that one step adds and takes away: kept until its end, since no step names a pair twice. */
export interface RowChanges {
  added: Assignment[]
  leaving: (AssetKey & { target: Target })[]
}

export function noChanges(): RowChanges {
  return { added: [], leaving: [] }
}

export function applyChanges(
  library: Library,
  { added, leaving }: RowChanges,
  beginVersion: BeginVersion,
): void {
  addRows(library.assignments, added)
  if (leaving.length > 0) {
    removeRows(library.assignments, leaving, beginVersion('assignments'))
  }
}

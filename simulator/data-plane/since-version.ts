import type { Library, ListName } from '../library/library.ts'
import { sequenceOf } from '../library/versions.ts'
import { Refusal } from './answer.ts'

/** The version a delta starts behind; 0 without `sinceVersionId`: everything. Unusable: 9721 (Apple contract 3.3). */
export function sinceSequence(
  library: Library,
  list: ListName,
  sinceVersionId: string | undefined,
  versionWindow: number,
): number {
  if (sinceVersionId === undefined) return 0
  const sequence = sequenceOf(library, list, sinceVersionId, versionWindow)
  if (sequence === undefined) throw new Refusal(9721)
  return sequence
}

import type { Library, ListName } from './library.ts'

const prefixOf: Record<ListName, string> = { assets: 'a5', assignments: 'a6', users: 'a7' }

/**
 * The `versionId` of a list after its `sequence`-th state: a UUID of its own for every list of every library,
 * so that a client which mixes them up is refused with 9721 (Apple contract 3.3). Library …0001, version 1
 * gives the values of Apple contract section 2.
 */
export function versionId(list: ListName, uId: string, sequence: number): string {
  const room = (Number(uId.slice(-6)) + 999_999) % 1_000_000
  return `${prefixOf[list]}${String(room).padStart(6, '0')}-0000-4000-8000-${sequence
    .toString(16)
    .padStart(12, '0')}`
}

export function currentVersionId(library: Library, list: ListName): string {
  return versionId(list, library.uId, library.versions[list])
}

/**
 * The sequence behind a client's `sinceVersionId`; undefined when it is none of this list's, lies ahead, or
 * is older than `versionWindow` versions (answered with 9721).
 */
export function sequenceOf(
  library: Library,
  list: ListName,
  text: string,
  versionWindow: number,
): number | undefined {
  const sequence = Number.parseInt(text.slice(-12), 16)
  if (!Number.isInteger(sequence) || versionId(list, library.uId, sequence) !== text)
    return undefined
  const age = library.versions[list] - sequence
  return sequence >= 1 && age >= 0 && age <= versionWindow ? sequence : undefined
}

/** Starts the next version of a list and answers its number. One write is one version, however many rows it moves. */
export function moveVersion(library: Library, list: ListName): number {
  library.versions[list] += 1
  return library.versions[list]
}

import { createHash } from 'node:crypto'
import type { Library, ListName } from './library.ts'

const prefixOf = { assets: 'a5', assignments: 'a6', users: 'a7', subscriptions: 'a8' } as const

/**
 * The `versionId` of a list after its `sequence`-th state: a UUID of its own for every list of every library,
 * so that a client which mixes them up is refused with 9721 (Apple contract 3.3). Library …0001, version 1
 * gives the values of Apple contract section 2.
 */
export function versionId(list: keyof typeof prefixOf, uId: string, sequence: number): string {
  const room = (Number(uId.slice(-6)) + 999_999) % 1_000_000
  return `${prefixOf[list]}${String(room).padStart(6, '0')}-${regionOf(uId)}-4000-8000-${sequence
    .toString(16)
    .padStart(12, '0')}`
}

/** Tells locations apart whose numbers end alike; those of the seeds, which begin alike, are in region 0000. */
function regionOf(uId: string): string {
  const start = uId.slice(0, -6)
  if (start === '7000000000') return '0000'
  const mixed = createHash('sha256').update(start).digest().readUInt16BE()
  return (1 + (mixed % 0xffff)).toString(16).padStart(4, '0')
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

/** Answers the number of the version that a write begins in a list; the list moves when it is first asked for. */
export type BeginVersion = (list: ListName) => number

export function oneWrite(library: Library): BeginVersion {
  const begun = new Map<ListName, number>()
  return (list) => {
    const version = begun.get(list) ?? moveVersion(library, list)
    begun.set(list, version)
    return version
  }
}

/** Starts the next version of a list and answers its number. One write is one version, however many rows it moves. */
export function moveVersion(library: Library, list: ListName): number {
  library.versions[list] += 1
  return library.versions[list]
}

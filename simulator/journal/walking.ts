import type { ListName } from '../library/library.ts'
import { startMs } from './entry.ts'
import { type Evidence, type Finding, finding, nothingToJudge } from './finding.ts'
import { hasFailure, pageIndexOf, type Walk, walksOf } from './walks.ts'

/** Every walk reached the page that names no next one. A page 0 that only looked for a new version is none (C8). */
export function pagedToEnd({ entries }: Evidence, list: ListName): Finding {
  const walks = walksOf(entries, list)
  if (walks.length === 0) return nothingToJudge(`Nobody walked ${list}.`)
  const cut = walks.filter(
    (walk, index) => !walk.isComplete && !isPeek(walk, walks.slice(0, index)),
  )
  return finding(
    cut.flatMap((walk) => walk.entries.slice(-1)),
    {
      holds: `All ${walks.length} walks of ${list} reached their last page.`,
      broken: `${cut.length} of ${walks.length} walks of ${list} ended early, with these pages.`,
    },
  )
}

function isPeek(walk: Walk, earlier: readonly Walk[]): boolean {
  return (
    walk.entries.length === 1 &&
    earlier.some((other) => other.isComplete && other.firstVersionId === walk.firstVersionId)
  )
}

/** No walk that went well began again before its end: the version may move, the walk goes on (C6). */
export function noRestart({ entries }: Evidence, list: ListName): Finding {
  const walks = walksOf(entries, list)
  if (walks.length === 0) return nothingToJudge(`Nobody walked ${list}.`)
  const restarts = walks.filter((walk, index) => {
    const before = walks.slice(0, index).findLast((other) => other.question === walk.question)
    if (before === undefined || before.isComplete || hasFailure(before)) return false
    return !isPeek(before, walks.slice(0, walks.indexOf(before)))
  })
  return finding(
    restarts.flatMap((walk) => walk.entries.slice(0, 1)),
    {
      holds: `No walk of ${list} began again before its end.`,
      broken: `These calls began a walk of ${list} again that was not at its end.`,
    },
  )
}

/** Each delta starts behind the first page of the complete walk before it (Apple contract 3.3, C7). */
export function usedSince({ entries }: Evidence, list: ListName): Finding {
  const walks = walksOf(entries, list).filter((walk) => walk.isUnfiltered)
  const deltas = walks.filter((walk) => walk.sinceVersionId !== undefined)
  if (deltas.length === 0) return nothingToJudge(`Nobody asked for a delta of ${list}.`)
  const wrong = deltas.filter((delta) => {
    const before = walks
      .slice(0, walks.indexOf(delta))
      .findLast((walk) => walk.uId === delta.uId && walk.isComplete)
    return before?.firstVersionId !== delta.sinceVersionId
  })
  return finding(
    wrong.flatMap((walk) => walk.entries.slice(0, 1)),
    {
      holds: `All ${deltas.length} deltas of ${list} went on where the walk before began.`,
      broken: `These deltas of ${list} did not use the version of the first page of the walk before.`,
    },
  )
}

const dayMs = 24 * 60 * 60 * 1000

/** Page 0 showed a version that was read to the end within a day: no further page (C8). */
export function noAssetReread({ entries, clock }: Evidence): Finding {
  const walks = walksOf(entries, 'assets').filter((walk) => walk.isUnfiltered)
  if (walks.length < 2) return nothingToJudge('Nobody looked at assets a second time.')
  const rereads = walks.flatMap((walk, index) => {
    const known = walks.slice(0, index).some((earlier) => isKnown(earlier, walk))
    return known ? walk.entries.filter((entry) => pageIndexOf(entry) > 0) : []
  })
  return finding(rereads, {
    holds: 'Assets were read on only where their version had moved.',
    broken: 'These pages of assets were read again although the version had not moved.',
  })

  function isKnown(earlier: Walk, walk: Walk): boolean {
    const [then, now] = [earlier.entries[0], walk.entries[0]]
    if (then === undefined || now === undefined) return false
    return (
      earlier.uId === walk.uId &&
      earlier.isComplete &&
      earlier.firstVersionId === walk.firstVersionId &&
      startMs(now, clock) - startMs(then, clock) < dayMs
    )
  }
}

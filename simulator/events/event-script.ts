import type { CallRule } from '../faults/fault.ts'
import type { FailedRow, PairRow, UserWish, WriteEvent } from './event.ts'

/** What becomes of the event that a matching call begins (Apple contract 11.3 S4, 11.5). */
export interface EventScript extends CallRule {
  id: string
  /** PENDING: stuck until somebody finishes it. */
  outcome: 'COMPLETE' | 'FAILED' | 'PENDING'
  delaySeconds: number | undefined
  /** How many items a stuck event gets done. */
  stuckAfter: number
  failures: PlannedFailure[]
}

/** `take`: so many of the items, first come first; or all that have one of these targets; undefined: all the rest. */
export interface PlannedFailure {
  errorNumber: number
  take: number | string[] | undefined
}

const everythingFails: PlannedFailure[] = [{ errorNumber: 9603, take: undefined }]

/** Plans failures for items that have not been worked on and not been planned for yet. */
export function planFailures(
  event: WriteEvent,
  { outcome, failures }: Pick<EventScript, 'outcome' | 'failures'>,
): void {
  const planned = outcome === 'FAILED' && failures.length === 0 ? everythingFails : failures
  for (const { errorNumber, take } of planned) {
    let left = typeof take === 'number' ? take : Number.POSITIVE_INFINITY
    for (const [place, item] of event.work.items.entries()) {
      if (left === 0) break
      if (place < event.numWorked || event.planned.has(place)) continue
      if (Array.isArray(take) && !take.includes(targetName(item))) continue
      event.planned.set(place, errorNumber)
      left -= 1
    }
  }
}

export function targetName(item: PairRow | UserWish | FailedRow['row']): string {
  return 'serialNumber' in item ? item.serialNumber : item.clientUserId
}

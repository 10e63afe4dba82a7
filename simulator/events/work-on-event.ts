import type { Library } from '../library/library.ts'
import { type BeginVersion, oneWrite } from '../library/versions.ts'
import type { World } from '../world/world.ts'
import {
  type EventWork,
  isUserWork,
  itemsAfterStep,
  type PairRow,
  stepCount,
  type UserRow,
  type WriteEvent,
} from './event.ts'
import { tellOfEvent } from './event-news.ts'
import { failuresOf } from './failures.ts'
import { liveUsers, planShortages, workOnPair } from './pair-work.ts'
import { applyChanges, noChanges, type RowChanges } from './row-changes.ts'
import { userRow, workOnUser } from './user-work.ts'

/** The step of an event that is due at `nowMs`, its end included if it is the last one. */
export function takeStep(world: World, event: WriteEvent, nowMs: number): void {
  workUpTo(world, event, itemsAfterStep(event))
  event.stepsDone += 1
  if (event.stuckAfter === undefined && event.stepsDone === stepCount(event)) {
    end(world, event, nowMs)
  }
}

/** Everything that is left, at once. */
export function finishEvent(world: World, event: WriteEvent, nowMs: number): void {
  workUpTo(world, event, event.numRequested)
  end(world, event, nowMs)
}

/** One write, and so one version of each list that it moves, however many items it goes through (Apple contract 3.3). */
function workUpTo(world: World, event: WriteEvent, until: number): void {
  const library = world.state.libraries.get(event.uId)
  if (library === undefined || event.numWorked >= until) return
  const [beginVersion, rows] = [oneWrite(library), noChanges()]
  const workOn = itemWorker(world, library, event, { beginVersion, rows })
  for (; event.numWorked < until; event.numWorked += 1) {
    const outcome = workOn(event.numWorked)
    if (outcome === undefined) continue
    const { error, row } = outcome
    if (error === undefined) {
      event.done.push(row)
      event.numCompleted += 1
    } else event.failed.push({ errorNumber: error, row })
  }
  applyChanges(library, rows, beginVersion)
}

interface ItemOutcome {
  error: number | undefined
  row: PairRow | UserRow
}

function itemWorker(
  world: World,
  library: Library,
  event: WriteEvent,
  write: { beginVersion: BeginVersion; rows: RowChanges },
): (place: number) => ItemOutcome | undefined {
  const { switches, random } = world.state
  const { planned, work } = event
  if (isUserWork(work)) {
    const context = { library, switches, random, ...write }
    return onItems(work.items, (wish, place) => {
      const error = planned.get(place)
      return error === undefined
        ? workOnUser(context, work.eventType, wish)
        : { error, row: userRow(library, wish) }
    })
  }
  const context = { library, switches, isLiveUser: liveUsers(library), ...write }
  if (event.numWorked === 0) planShortages(event, context)
  return onItems(work.items, (pair, place) => ({
    error: planned.get(place) ?? workOnPair(context, work.eventType, pair),
    row: pair,
  }))
}

function onItems<Item>(
  items: readonly Item[],
  workOn: (item: Item, place: number) => ItemOutcome,
): (place: number) => ItemOutcome | undefined {
  return (place) => {
    const item = items[place]
    return item === undefined ? undefined : workOn(item, place)
  }
}

function end(world: World, event: WriteEvent, nowMs: number): void {
  event.failures = failuresOf(event.failed)
  event.status = event.failed.length === 0 ? 'COMPLETE' : 'FAILED'
  event.endedMs = nowMs
  tellOfEvent(world, event, nowMs)
  // A status needs the counts only, and a world keeps its events for days.
  event.work = withoutItems(event.work)
  event.planned = new Map()
  event.done = []
  event.failed = []
  world.state.openEvents.delete(event.eventId)
}

function withoutItems(work: EventWork): EventWork {
  return isUserWork(work) ? { ...work, items: [] } : { ...work, items: [] }
}

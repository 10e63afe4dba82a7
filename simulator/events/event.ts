import type { ErrorBody } from '../data-plane/answer.ts'
import type { AssetKey, Target, UserStatus } from '../library/library.ts'

export type PairEventType = 'ASSOCIATE' | 'DISASSOCIATE' | 'REVOKE'
export type UserEventType = 'CREATE' | 'UPDATE' | 'RETIRE'
export type EventType = PairEventType | UserEventType

/** One asset for one target: a row of Apple contract 2.5. */
export type PairRow = AssetKey & Target

/** What a caller wants a user to be (Apple contract 2.7). */
export interface UserWish {
  clientUserId: string
  email?: string
  managedAppleId?: string
}

/** A row of Apple contract 2.6; without `status` where there is no such user. */
export interface UserRow {
  clientUserId: string
  email?: string
  idHash?: string
  inviteCode?: string
  status?: UserStatus
}

/** What is to be done, in the order of the request. */
export type EventWork = PairWork | UserWork
export type PairWork = { eventType: PairEventType; items: PairRow[] }
export type UserWork = { eventType: UserEventType; items: UserWish[] }

const userEventTypes: readonly EventType[] = ['CREATE', 'UPDATE', 'RETIRE']

export function isUserWork(work: EventWork): work is UserWork {
  return userEventTypes.includes(work.eventType)
}

/** A row that failed; one of a revoke may name a user only. */
export type FailedRow = { errorNumber: number; row: PairRow | UserRow }

/** One asynchronous write of a location (Apple contract 2.7, 2.8): plain data, so that a snapshot holds it. */
export interface WriteEvent {
  eventId: string
  uId: string
  /** Emptied at the end; how much there was stands in `numRequested`. */
  work: EventWork
  acceptedMs: number
  /** From acceptance to the end. */
  delayMs: number
  /** Stays PENDING after so many items, until somebody finishes it; undefined: comes to its end by itself. */
  stuckAfter: number | undefined
  /** Numbers that items are going to fail with, by their place. */
  planned: Map<number, number>
  numRequested: number
  numCompleted: number
  numWorked: number
  stepsDone: number
  done: (PairRow | UserRow)[]
  failed: FailedRow[]
  status: 'PENDING' | 'COMPLETE' | 'FAILED'
  endedMs: number | undefined
  failures: ErrorBody[]
  /** The event script that this event obeys. */
  scriptId: string | undefined
}

const mostSteps = 4

/** An event advances in up to four steps, spread over its delay. */
export function stepCount(event: WriteEvent): number {
  return Math.max(1, Math.min(mostSteps, event.numRequested))
}

/** When the next step is due; undefined when the event is stuck or over. */
export function nextStepMs(event: WriteEvent): number | undefined {
  if (event.status !== 'PENDING') return undefined
  if (event.stuckAfter !== undefined && event.numWorked >= event.stuckAfter) return undefined
  return event.acceptedMs + Math.ceil((event.delayMs * (event.stepsDone + 1)) / stepCount(event))
}

/** How many items are through after the next step. */
export function itemsAfterStep(event: WriteEvent): number {
  const items = Math.floor((event.numRequested * (event.stepsDone + 1)) / stepCount(event))
  return Math.min(items, event.stuckAfter ?? items)
}

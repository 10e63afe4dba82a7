import { errorNumber } from '../data-plane/error-numbers.ts'
import { notify } from '../notifications/notify.ts'
import type { World } from '../world/world.ts'
import { type FailedRow, isUserWork, type PairRow, type UserRow, type WriteEvent } from './event.ts'

/** Elements of one notification at most (Apple contract 6). */
const mostElements = 100

/** What an event did and what it could not do, in messages of their own; each names one error at most. */
export function tellOfEvent(
  world: World,
  {
    eventId,
    uId,
    work,
    done,
    failed,
  }: Pick<WriteEvent, 'eventId' | 'uId' | 'work' | 'done' | 'failed'>,
  nowMs: number,
): void {
  const library = world.state.libraries.get(uId)
  if (library === undefined) return
  const isAboutUsers = isUserWork(work)

  tell('SUCCESS', done, undefined)
  for (const [number, rows] of Map.groupBy(failed, (each) => each.errorNumber)) {
    tell('FAILURE', rowsOf(rows), number)
  }

  function tell(
    result: 'SUCCESS' | 'FAILURE',
    rows: readonly (PairRow | UserRow)[],
    number: number | undefined,
  ): void {
    if (library === undefined) return
    for (let first = 0; first < rows.length; first += mostElements) {
      const elements = rows.slice(first, first + mostElements)
      const body = {
        eventId,
        type: work.eventType,
        result,
        [isAboutUsers ? 'users' : 'assignments']: elements,
        ...(number !== undefined && {
          error: { errorNumber: number, errorMessage: errorNumber(number).message },
        }),
      }
      const type = isAboutUsers ? 'USER_MANAGEMENT' : 'ASSET_MANAGEMENT'
      notify(world, library, { type, body }, nowMs)
    }
  }
}

const rowsOf = (failed: readonly FailedRow[]) => failed.map(({ row }) => row)

/**
 * All writes of the process, one after the other on one connection. Units of work that wait at the same time share one
 * transaction, and thereby one wait for the disk. Nobody is answered before COMMIT.
 */
import type { Clock } from '../../model/clock.ts'
import { Failure } from '../../model/failure.ts'
import type { Transact } from '../sql/connection.ts'
import { type Outcome, refused, type Work } from '../sql/unit-of-work.ts'
import { failureOf, isBusy, storageClosed } from './failure-of.ts'
import type { SharedTransaction } from './shared-transaction.ts'
import { type WatchedTurn, watchedTurn } from './watched-turn.ts'

export interface WriteQueue {
  readonly transact: Transact
  /** Refuses new units and resolves when those that wait are done. */
  drain(): Promise<void>
}

interface WaitingUnit {
  readonly work: Work<unknown>
  readonly answer: (outcome: Outcome<unknown>) => void
}

/** How many share the fate of one commit. */
const unitsPerCommit = 128
/** No unit begins later in a commit: requests to the API wait while the event loop is held. */
const longestHoldMs = 15
/** For the write lock of another process, such as a command beside the service. */
const lockWaitMs = 10_000
const lockRetryMs = 10

/** `onCommit` is told the number of units that shared each commit. */
export function writeQueue(
  transaction: SharedTransaction,
  clock: Clock,
  onCommit: (units: number) => void,
): WriteQueue {
  const waiting: WaitingUnit[] = []
  let isClosed = false
  let running: Promise<void> | undefined

  const transact: Transact = <T>(work: Work<T>) =>
    new Promise<T>((resolve, reject) => {
      if (isClosed) return reject(storageClosed())
      waiting.push({
        work,
        answer: (outcome) =>
          outcome.isGood ? resolve(outcome.value as T) : reject(outcome.reason),
      })
      running ??= runWaiting()
    })

  async function runWaiting(): Promise<void> {
    try {
      while (waiting.length > 0) {
        const trouble = await begin()
        if (trouble) answerAll(waiting.splice(0), refused(trouble))
        // Whoever arrives before this turn of the event loop shares the commit.
        else await runTogether(await watchedTurn())
      }
    } catch (error) {
      answerAll(waiting.splice(0), refused(notStored(error)))
    } finally {
      // In the same breath as the last look at `waiting`, so that nobody who comes later is left there.
      running = undefined
    }
  }

  /** Waits for the write lock without holding up the event loop. */
  async function begin(): Promise<Failure | undefined> {
    for (let waitedMs = 0; ; waitedMs += lockRetryMs) {
      try {
        transaction.begin()
        return undefined
      } catch (error) {
        if (!isBusy(error) || waitedMs >= lockWaitMs) return failureOf(error)
        await clock.sleep(lockRetryMs)
      }
    }
  }

  async function runTogether(firstTurn: WatchedTurn): Promise<void> {
    const units: WaitingUnit[] = []
    const outcomes: Outcome<unknown>[] = []
    const endMs = clock.now().getTime() + longestHoldMs
    try {
      let turn = firstTurn
      do {
        const unit = waiting.shift()
        if (unit === undefined) break
        units.push(unit)
        if (turn.isOver) turn = await watchedTurn()
        outcomes.push(await transaction.run(unit.work, turn))
      } while (units.length < unitsPerCommit && clock.now().getTime() < endMs)
      transaction.commit()
    } catch (error) {
      // The one that was running is lost with those before it; the rest has not begun and waits on.
      answerAll(units, refused(notStored(error)))
      transaction.undo()
      return
    }
    onCommit(units.length)
    units.forEach(({ answer }, index) => {
      answer(outcomes[index] ?? refused(notStored(undefined)))
    })
  }

  return {
    transact,
    drain: async () => {
      isClosed = true
      await running
    },
  }
}

function answerAll(units: readonly WaitingUnit[], outcome: Outcome<never>): void {
  for (const { answer } of units) answer(outcome)
}

function notStored(error: unknown): Failure {
  const failure = failureOf(error)
  if (failure.code === 'unavailable') return failure
  return new Failure(
    'unavailable',
    'The database undid the transaction, so nothing of it was stored. Try again; if it stays so, look at the log of the service.',
    { cause: error, retryAfterSeconds: 5 },
  )
}

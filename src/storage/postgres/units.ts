/**
 * Units of work, each a transaction of its own on a connection of its own. They are serializable: whatever runs at the same
 * time, here or on other nodes, ends as if one had run after the other. When the server finds that this cannot be, it undoes one
 * of them, and that one is run again from its start; that is safe because a unit touches nothing but its own stores.
 */
import type { Clock } from '../../model/clock.ts'
import { Failure } from '../../model/failure.ts'
import type { Transact } from '../sql/connection.ts'
import {
  awaitedSomethingElse,
  type Outcome,
  outcomeOf,
  refused,
  unitConnection,
  type Work,
} from '../sql/unit-of-work.ts'
import { postgresConnection } from './connection.ts'
import { failureOf, isCollision, storageClosed } from './failure-of.ts'
import { ownSteps } from './own-steps.ts'
import type { ConnectionPool, Pooled } from './pool.ts'

export interface Units {
  readonly transact: Transact
  /** Refuses new units and resolves when those that run are done. */
  drain(): Promise<void>
}

const mostAttempts = 20
/** The pause after a collision is a random part of this, twice as much each time up to a bound. */
const shortestPauseMs = 2
const longestPauseMs = 128

const begin = 'begin isolation level serializable'

/** `onCommit` is told after each commit that one unit was in it. */
export function units(
  pool: ConnectionPool,
  clock: Clock,
  onCommit: (units: number) => void,
): Units {
  const running = new Set<Promise<unknown>>()
  let isClosed = false

  async function run<T>(work: Work<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await pool.lend((pooled) => attempted(work, pooled)).catch(refused)
      if (outcome.isGood) {
        onCommit(1)
        return outcome.value
      }
      if (!isCollision(outcome.reason) || attempt === mostAttempts) throw outcome.reason
      const pauseMs = Math.min(shortestPauseMs * 2 ** (attempt - 1), longestPauseMs)
      await clock.sleep(Math.ceil(Math.random() * pauseMs))
    }
  }

  return {
    transact: (work) => {
      if (isClosed) return Promise.reject(storageClosed())
      const unit = run(work)
      running.add(unit)
      const done = () => running.delete(unit)
      unit.then(done, done)
      return unit
    },
    drain: async () => {
      isClosed = true
      await Promise.allSettled(running)
    },
  }
}

async function attempted<T>(work: Work<T>, pooled: Pooled): Promise<Outcome<T>> {
  const statement = (text: string) =>
    pooled.client.query(text).catch((error) => {
      throw failureOf(error)
    })
  await statement(begin)
  const outcome = await outcomeWithin(work, pooled)
  if (!outcome.isGood) {
    await statement('rollback')
    return outcome
  }
  const { command } = await statement('commit')
  // A transaction in which a statement failed is undone by its commit, and the server does not call that an error.
  return command === 'COMMIT' ? outcome : refused(undone())
}

async function outcomeWithin<T>(work: Work<T>, pooled: Pooled): Promise<Outcome<T>> {
  const steps = ownSteps(postgresConnection(pooled))
  const own = unitConnection(steps.connection)
  const outcome = await Promise.race([
    outcomeOf(work, own),
    steps.strayed.then(() => refused(awaitedSomethingElse())),
  ])
  own.end()
  await steps.end()
  // Also when the work was content with it, or drew a conclusion of its own from it.
  const failure = own.failure()
  return failure && (outcome.isGood || isCollision(failure)) ? refused(failure) : outcome
}

function undone(): Failure {
  return new Failure(
    'internal',
    'The database undid a transaction instead of storing it. This is a defect of Pomona; please report it.',
  )
}

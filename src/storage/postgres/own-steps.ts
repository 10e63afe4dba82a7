/**
 * Watches that a unit of work awaits only its own stores (ports/storage.ts). Between the answer to one statement and the next
 * statement, or the end of the work, there are only microtasks; when the event loop turns and neither has come, the work waits
 * for something else, and would keep its locks and its connection for as long as that takes.
 */
import { setImmediate } from 'node:timers'
import type { SqlConnection } from '../sql/connection.ts'

export interface OwnSteps {
  /** The connection for the work. */
  readonly connection: SqlConnection
  /** Resolves when the work waits for something else; never, when it does not. */
  readonly strayed: Promise<void>
  /** Resolves when no statement is under way; the watch ends with it. */
  end(): Promise<void>
}

export function ownSteps(connection: SqlConnection): OwnSteps {
  const underWay = new Set<Promise<unknown>>()
  const strayed = Promise.withResolvers<void>()
  let steps = 0
  let hasEnded = false

  const look = () => {
    const before = steps
    setImmediate(() => {
      if (!hasEnded && underWay.size === 0 && steps === before) strayed.resolve()
    })
  }
  const step = async <Answer>(statement: () => Promise<Answer>): Promise<Answer> => {
    steps += 1
    const answer = statement()
    underWay.add(answer)
    try {
      return await answer
    } finally {
      underWay.delete(answer)
      if (underWay.size === 0) look()
    }
  }

  look()
  return {
    connection: {
      all: (sql, values) => step(() => connection.all(sql, values)),
      run: (sql, values) => step(() => connection.run(sql, values)),
    },
    strayed: strayed.promise,
    end: async () => {
      hasEnded = true
      await Promise.allSettled(underWay)
    },
  }
}

/** What becomes of one unit of work, and its own view of the connection, which ends with it. */
import { Failure } from '../../model/failure.ts'
import type { SqlConnection } from './connection.ts'

export type Work<T> = (connection: SqlConnection) => Promise<T>

export type Outcome<T> =
  | { readonly isGood: true; readonly value: T }
  | { readonly isGood: false; readonly reason: unknown }

export function refused(reason: unknown): Outcome<never> {
  return { isGood: false, reason }
}

/** Never rejects: a unit that is given up may still fail later, when nobody listens any more. */
export async function outcomeOf<T>(work: Work<T>, connection: SqlConnection): Promise<Outcome<T>> {
  try {
    return { isGood: true, value: await work(connection) }
  } catch (reason) {
    return refused(reason)
  }
}

export interface UnitConnection extends SqlConnection {
  /** The first failure of a statement: after it the unit cannot succeed, whatever its work makes of it. */
  readonly failure: () => Failure | undefined
  /** From now on every statement is refused. */
  end(): void
}

export function unitConnection(connection: SqlConnection): UnitConnection {
  let failure: Failure | undefined
  let hasEnded = false

  const guarded = async <Answer>(statement: () => Promise<Answer>): Promise<Answer> => {
    if (hasEnded) throw ended()
    if (failure) throw failure
    try {
      return await statement()
    } catch (error) {
      failure ??= error as Failure
      throw error
    }
  }

  return {
    all: (sql, values) => guarded(() => connection.all(sql, values)),
    run: (sql, values) => guarded(() => connection.run(sql, values)),
    failure: () => failure,
    end: () => {
      hasEnded = true
    },
  }
}

function ended(): Failure {
  return new Failure(
    'internal',
    'A store was used after its transaction had ended; stores live only inside the work that they were handed to. This is a defect of Pomona; please report it.',
  )
}

/** Waiting for the network, a file or a timer would hold up every other writer, so it is refused (ports/storage.ts). */
export function awaitedSomethingElse(): Failure {
  return new Failure(
    'internal',
    'A transaction awaited something else than its own stores, so it was undone; what it needs must be at hand before it begins. This is a defect of Pomona; please report it.',
  )
}

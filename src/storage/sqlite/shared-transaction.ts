/** One transaction that several units of work share, each inside its own SAVEPOINT. */
import type SqliteDatabase from 'better-sqlite3'
import type { SqlConnection } from '../sql/connection.ts'
import {
  awaitedSomethingElse,
  type Outcome,
  outcomeOf,
  refused,
  unitConnection,
  type Work,
} from '../sql/unit-of-work.ts'
import type { WatchedTurn } from './watched-turn.ts'

export interface SharedTransaction {
  begin(): void
  /**
   * Runs a unit whole: kept when its outcome is good, undone otherwise. Rejects when the transaction itself is lost, and with
   * it every unit that ran in it.
   */
  run<T>(work: Work<T>, turn: WatchedTurn): Promise<Outcome<T>>
  commit(): void
  /** Gives up whatever there is of the transaction. */
  undo(): void
  /** True while the work of a unit runs: whatever is asked at this moment is asked by that work. */
  readonly isInsideUnit: () => boolean
}

export function sharedTransaction(
  db: SqliteDatabase.Database,
  connection: SqlConnection,
): SharedTransaction {
  const begin = db.prepare('begin immediate')
  const commit = db.prepare('commit')
  const rollback = db.prepare('rollback')
  const savepoint = db.prepare('savepoint unit')
  const release = db.prepare('release unit')
  const undoUnit = db.prepare('rollback to unit')
  let isInsideUnit = false

  async function outcomeWithin<T>(work: Work<T>, turn: WatchedTurn): Promise<Outcome<T>> {
    const own = unitConnection(connection)
    isInsideUnit = true
    const inTime = await Promise.race([outcomeOf(work, own), turn.end.then(() => undefined)])
    const outcome = inTime ?? refused(awaitedSomethingElse())
    isInsideUnit = false
    own.end()
    const failure = own.failure()
    // The database gave the whole transaction up, as it may on a full disk.
    if (failure && !db.inTransaction) throw failure
    return outcome.isGood && failure ? refused(failure) : outcome
  }

  return {
    begin: () => {
      begin.run()
    },
    run: async (work, turn) => {
      savepoint.run()
      const outcome = await outcomeWithin(work, turn)
      if (!outcome.isGood) undoUnit.run()
      release.run()
      return outcome
    },
    commit: () => {
      commit.run()
    },
    undo: () => {
      if (db.inTransaction) rollback.run()
    },
    isInsideUnit: () => isInsideUnit,
  }
}

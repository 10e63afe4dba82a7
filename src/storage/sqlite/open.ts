import type { Clock } from '../../model/clock.ts'
import type { SqlConnection } from '../sql/connection.ts'
import type { Database } from '../sql/storage.ts'
import { awaitedSomethingElse } from '../sql/unit-of-work.ts'
import { sqliteConnection } from './connection.ts'
import { openConnections } from './connections.ts'
import { sqliteDialect } from './dialect.ts'
import { sqlitePauses } from './pauses.ts'
import { type SharedTransaction, sharedTransaction } from './shared-transaction.ts'
import { writeQueue } from './write-queue.ts'

/** `onCommit` is told the number of units of work that shared each commit. */
export async function openSqlite(
  path: string,
  clock: Clock,
  onCommit: (units: number) => void,
): Promise<Database> {
  const { writer, reader } = await openConnections(path, clock)
  const transaction = sharedTransaction(writer, sqliteConnection(writer))
  const queue = writeQueue(transaction, clock, onCommit)
  const reads = readsOutsideUnits(sqliteConnection(reader), transaction)
  return {
    dialect: sqliteDialect,
    reads,
    transact: queue.transact,
    pauses: sqlitePauses(reads, queue.transact, clock),
    ping: async () => {
      await reads.all('select 1')
    },
    close: async () => {
      await queue.drain()
      reader.close()
      // Last, so that it writes the log back into the file and takes it away.
      writer.close()
    },
  }
}

/** A unit of work reads through its own stores only: elsewhere it would not see what it has written. */
function readsOutsideUnits(
  connection: SqlConnection,
  { isInsideUnit }: SharedTransaction,
): SqlConnection {
  return {
    all: async (sql, values) => {
      if (isInsideUnit()) throw awaitedSomethingElse()
      return connection.all(sql, values)
    },
    run: (sql, values) => connection.run(sql, values),
  }
}

import type { Clock } from '../../model/clock.ts'
import type { Database } from '../sql/storage.ts'
import { pooledConnection } from './connection.ts'
import { postgresDialect } from './dialect.ts'
import { dueSignal } from './due-signal.ts'
import { locationPace } from './pace.ts'
import { connectionPool } from './pool.ts'
import { requireSchema } from './schema.ts'
import { placed } from './server-address.ts'
import { units } from './units.ts'

/** Changes nothing in the database. `onCommit` is told after each commit that one unit of work was in it. */
export async function openPostgres(
  url: string,
  clock: Clock,
  onCommit: (units: number) => void,
): Promise<Database> {
  const pool = connectionPool(url)
  const reads = pooledConnection(pool)
  const { transact, drain } = units(pool, clock, onCommit)
  try {
    await requireSchema(reads)
  } catch (error) {
    await pool.close()
    throw placed(error, url)
  }
  const signal = dueSignal(url, reads, clock)
  const { pauses, pace, close: closePace } = locationPace(reads, clock)
  return {
    dialect: postgresDialect,
    reads,
    transact,
    dueSignal: signal,
    pauses,
    pace,
    ping: async () => {
      await reads.all('select 1')
    },
    close: async () => {
      // Both refuse from this moment on what is new.
      await Promise.all([drain(), signal.close(), closePace()])
      await pool.close()
    },
  }
}

import type { Clock } from '../../model/clock.ts'
import type { Database } from '../sql/storage.ts'
import { pooledConnection } from './connection.ts'
import { postgresDialect } from './dialect.ts'
import { connectionPool } from './pool.ts'
import { requireSchema } from './schema.ts'
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
    throw error
  }
  return {
    dialect: postgresDialect,
    reads,
    transact,
    ping: async () => {
      await reads.all('select 1')
    },
    close: async () => {
      await drain()
      await pool.close()
    },
  }
}

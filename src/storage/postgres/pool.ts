/** The connections to one PostgreSQL server: as many as are needed, up to a bound, each set up as Pomona needs it. */
import { type ClientConfig, Pool, type PoolClient, types } from 'pg'
import { failureOf, isAnswerOfServer, storageClosed } from './failure-of.ts'
import { type PreparedNames, preparedNames } from './prepared-names.ts'

export interface Pooled {
  readonly client: PoolClient
  readonly names: PreparedNames
}

export interface ConnectionPool {
  /**
   * Lends a connection for as long as `use` lasts; waits for a free one no longer than `connectTimeoutMs`. Rejects with what
   * `use` throws, and with Failure `unavailable` when there is no connection to be had.
   */
  lend<T>(use: (pooled: Pooled) => Promise<T>): Promise<T>
  /** Refuses new loans and resolves when all connections are back and closed. */
  close(): Promise<void>
}

/** Of one process; all nodes together must stay below the server's max_connections. */
const mostConnections = 10
const connectTimeoutMs = 5_000
const idleTimeoutMs = 30_000
const statementTimeoutMs = 30_000
const lockTimeoutMs = 10_000
/** A unit of work never pauses, so a transaction that does belongs to a process that hangs: its locks are taken from it. */
const idleInTransactionTimeoutMs = 30_000
/** For a server that no longer answers at all: longer than the server itself gives a statement. */
const answerTimeoutMs = statementTimeoutMs + 5_000

/**
 * Every statement of the stores finds its rows by an index, a few hundred at most. Left to itself the server would walk small
 * tables from end to end, and a unit that has seen a whole table collides with everybody who writes to it.
 */
export const lookUpsOnly = ['hashjoin', 'mergejoin', 'bitmapscan', 'seqscan']
  .map((way) => `set enable_${way} = off`)
  .join(';')

const int8 = 20

/** 64-bit integers as numbers: what Pomona counts stays far below 2^53. */
export const connectionConfig = (url: string): ClientConfig => ({
  connectionString: url,
  fallback_application_name: 'pomona',
  connectionTimeoutMillis: connectTimeoutMs,
  keepAlive: true,
  types: {
    getTypeParser: ((oid: number, format?: 'text') =>
      oid === int8 ? Number : types.getTypeParser(oid, format)) as typeof types.getTypeParser,
  },
})

export function connectionPool(url: string): ConnectionPool {
  const pool = new Pool({
    ...connectionConfig(url),
    max: mostConnections,
    idleTimeoutMillis: idleTimeoutMs,
    statement_timeout: statementTimeoutMs,
    lock_timeout: lockTimeoutMs,
    idle_in_transaction_session_timeout: idleInTransactionTimeoutMs,
    query_timeout: answerTimeoutMs,
    onConnect: (client) => client.query(lookUpsOnly),
  })
  const namesOf = new WeakMap<PoolClient, PreparedNames>()
  // A connection that breaks says so by an event, which would end the process if nobody heard it. Whoever uses it hears of it
  // from the next statement; when nobody does, the pool forgets the connection by itself.
  pool.on('connect', (client) => {
    client.on('error', () => undefined)
    namesOf.set(client, preparedNames())
  })
  pool.on('error', () => undefined)
  let isClosed = false

  async function connect(): Promise<PoolClient> {
    if (isClosed) throw storageClosed()
    try {
      return await pool.connect()
    } catch (error) {
      throw failureOf(error)
    }
  }

  return {
    lend: async (use) => {
      const client = await connect()
      const names = namesOf.get(client) ?? preparedNames()
      let isWorn = true
      try {
        const answer = await use({ client, names })
        isWorn = names.isFull()
        return answer
      } catch (error) {
        isWorn = names.isFull() || !isAnswerOfServer(error)
        throw error
      } finally {
        client.release(isWorn)
      }
    },
    close: async () => {
      isClosed = true
      if (!pool.ending) await pool.end()
    },
  }
}

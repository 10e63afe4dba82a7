/** A schema of its own in the PostgreSQL database of the tests: tests that run side by side do not meet. */
import { randomBytes } from 'node:crypto'
import { Client } from 'pg'

export interface PostgresSchema {
  /** Storage URL whose tables lie in the schema. */
  readonly url: string
  /** Runs SQL beside the service, as the database's administrator. */
  ask(sql: string): Promise<readonly Record<string, unknown>[]>
  remove(): Promise<void>
}

/** Undefined when the tests were given no PostgreSQL server. */
export const postgresUrl = process.env.POMONA_TEST_POSTGRES_URL

export async function makeSchema(url: string): Promise<PostgresSchema> {
  const name = `pomona_${randomBytes(6).toString('hex')}`
  const own = new URL(url)
  own.searchParams.set('options', `-c search_path=${name}`)
  const ask = async (sql: string) => {
    const client = new Client({ connectionString: own.href })
    await client.connect()
    try {
      return (await client.query(sql)).rows
    } finally {
      await client.end()
    }
  }
  await ask(`create schema ${name}`)
  return {
    url: own.href,
    ask,
    remove: async () => {
      await ask(`drop schema ${name} cascade`)
    },
  }
}

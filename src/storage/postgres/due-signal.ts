/**
 * Wakes the due loops of other nodes by LISTEN and NOTIFY. A hint, no more: whoever misses it finds what is due at its next look.
 * NOTIFY goes out on its own and at most once in a while, since within a transaction it would make all commits wait for each
 * other.
 */
import { Client } from 'pg'
import type { Clock } from '../../model/clock.ts'
import type { DueSignal } from '../../ports/instance-store.ts'
import type { SqlConnection } from '../sql/connection.ts'
import { connectionConfig } from './pool.ts'

const channel = 'pomona_due'
const restMs = 50
const reconnectMs = 10_000

const sql = {
  // A channel belongs to the whole database, so the schema goes along.
  send: `select pg_notify('${channel}', current_schema())`,
  schema: 'select current_schema() as schema',
}

export interface OpenedDueSignal extends DueSignal {
  close(): Promise<void>
}

export function dueSignal(url: string, connection: SqlConnection, clock: Clock): OpenedDueSignal {
  const closing = new AbortController()
  const { signal } = closing
  const listeners = new Set<() => void>()
  let sending: Promise<void> | undefined
  let listening: Promise<void> | undefined

  async function send(): Promise<void> {
    // Whoever asks meanwhile is served by this one.
    await clock.sleep(restMs, signal)
    sending = undefined
    await connection.all(sql.send)
  }

  async function listen(): Promise<void> {
    while (!signal.aborted) {
      await untilLost(url, signal, () => {
        for (const heard of listeners) heard()
      }).catch(() => undefined)
      // What was said while nobody listened is found by the next look; the connection is tried again in any case.
      if (!signal.aborted) await clock.sleep(reconnectMs, signal).catch(() => undefined)
    }
  }

  return {
    send: () => {
      if (!signal.aborted) sending ??= send().catch(() => undefined)
    },
    listen: (heard) => {
      listeners.add(heard)
      listening ??= listen()
      return () => {
        listeners.delete(heard)
      }
    },
    close: async () => {
      closing.abort()
      await Promise.all([sending, listening])
    },
  }
}

/** Listens on a connection of its own until that is lost or the signal comes. */
async function untilLost(url: string, signal: AbortSignal, onDue: () => void): Promise<void> {
  const client = new Client(connectionConfig(url))
  const lost = Promise.withResolvers<void>()
  client.on('error', () => lost.resolve())
  client.on('end', () => lost.resolve())
  signal.addEventListener('abort', () => lost.resolve(), { once: true })
  try {
    await client.connect()
    const { rows } = await client.query<{ schema: string }>(sql.schema)
    client.on('notification', ({ payload }) => {
      if (payload === rows[0]?.schema) onDue()
    })
    await client.query(`listen ${channel}`)
    // Whatever became due before we listened.
    onDue()
    await lost.promise
  } finally {
    await client.end().catch(() => undefined)
  }
}

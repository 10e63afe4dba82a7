/** One sync of a running service, from the request to its end: what it cost, and how others were answered meanwhile. */
import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { type Connection, openConnection } from './connection.ts'
import type { Server } from './contest.ts'
import { percentile } from './figures.ts'
import { memoryOf, processorTimeOf } from './process-facts.ts'
import { type Endpoint, getRequest } from './requests.ts'

export interface WatchedSync {
  readonly seconds: number
  /** Of the service's process, without what the reads cost. */
  readonly processorSeconds: number
  /** Since the service was started. */
  readonly peakMib: number
  /** Of reads of one token by its id while the sync ran. */
  readonly p99Ms: number
  /** Such as `full full delta`. */
  readonly readings: string
  readonly pages: number
  /** Assets, assignments and users that were written. */
  readonly rowsWritten: number
}

interface ShownRun {
  readonly status: string
  readonly readings: Readonly<Record<string, string>>
  readonly pages: number
  readonly rowsAdded: number
  readonly rowsChanged: number
  readonly rowsRemoved: number
}

/** A read begins this often, whether the one before has been answered or not. */
const readEveryMs = 20
/** In turn, so that none is idle for long. */
const mostReadsAtOnce = 16
const warmingReads = 2_000
const costingReads = 2_000

/** Processor seconds of one read out of many in a row: the longer a sync takes, the more of them it meets. */
export async function costOfRead(server: Server, endpoint: Endpoint, id: string): Promise<number> {
  const request = getRequest(endpoint, `/pomona/v1/tokens/${id}`)
  const connection = await openConnection(server.origin, server.ca)
  try {
    for (let reads = 0; reads < warmingReads; reads += 1) await connection.ask(request)
    const before = processorTimeOf(server.pid)
    for (let reads = 0; reads < costingReads; reads += 1) await connection.ask(request)
    return (processorTimeOf(server.pid) - before) / 1_000_000 / costingReads
  } finally {
    connection.close()
  }
}

/** `begin` makes the token due and answers its id. Fails when the sync does. */
export async function watchSync(
  server: Server,
  endpoint: Endpoint,
  readSeconds: number,
  begin: (connection: Connection) => Promise<string>,
): Promise<WatchedSync> {
  const connections: Connection[] = []
  for (let count = 0; count < mostReadsAtOnce; count += 1)
    connections.push(await openConnection(server.origin, server.ca))
  try {
    const [connection] = connections
    if (connection === undefined) throw new Error('There is no connection')
    const begunMs = performance.now()
    const processorBefore = processorTimeOf(server.pid)
    const token = `/pomona/v1/tokens/${await begin(connection)}`
    const times = await readUntilEnded(connections, getRequest(endpoint, token))
    const seconds = (performance.now() - begunMs) / 1_000
    const usedSeconds = (processorTimeOf(server.pid) - processorBefore) / 1_000_000
    const { body } = await connection.ask(getRequest(endpoint, `${token}/runs?$top=1`))
    const run: ShownRun = JSON.parse(body.toString('utf8')).value[0]
    if (run.status !== 'completed') throw new Error(`The sync ended so: ${JSON.stringify(run)}`)
    return {
      seconds,
      processorSeconds: usedSeconds - readSeconds * times.length,
      peakMib: memoryOf(server.pid).peak,
      p99Ms: percentile(Float64Array.from(times).sort(), 0.99),
      readings: ['assets', 'assignments', 'users'].map((list) => run.readings[list]).join(' '),
      pages: run.pages,
      rowsWritten: run.rowsAdded + run.rowsChanged + run.rowsRemoved,
    }
  } finally {
    for (const connection of connections) connection.close()
  }
}

/** Milliseconds from when each read was to begin until it was answered. */
async function readUntilEnded(
  connections: readonly Connection[],
  request: string,
): Promise<readonly number[]> {
  const times: number[] = []
  const free = [...connections]
  const waiting: number[] = []
  const reads: Promise<void>[] = []
  let isEnded = false
  let trouble: unknown

  const read = async (connection: Connection): Promise<void> => {
    for (let dueMs = waiting.shift(); dueMs !== undefined; dueMs = waiting.shift()) {
      const { status, body } = await connection.ask(request)
      times.push(performance.now() - dueMs)
      if (status !== 200) throw new Error(`Answered ${status}: ${body.toString('utf8')}`)
      isEnded ||= JSON.parse(body.toString('utf8')).lastSyncStatus !== 'inProgress'
    }
    free.push(connection)
  }

  for (let dueMs = performance.now(); !isEnded; dueMs += readEveryMs) {
    await delay(Math.max(0, dueMs - performance.now()))
    waiting.push(dueMs)
    const connection = free.shift()
    // Thrown only when all others are done: whatever was started must be stopped then.
    const failed = (error: unknown) => {
      trouble ??= error
      isEnded = true
    }
    if (connection) reads.push(read(connection).catch(failed))
  }
  await Promise.all(reads)
  if (trouble !== undefined) throw trouble
  return times
}

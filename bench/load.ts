/** A load: a number of connections, each sending its next request when it has the answer to the last one. */
import { performance } from 'node:perf_hooks'
import type { Connection } from './connection.ts'
import { percentile } from './figures.ts'

export interface Load {
  readonly connections: readonly Connection[]
  /** The next request; called in turn by all connections. */
  readonly request: () => string
  /** What every answer must be: a quick refusal would look like a fast server. */
  readonly status: number
  readonly durationMs: number
  /** Ends it earlier, after so many requests. */
  readonly most?: number
}

export interface Measured {
  readonly answers: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Share of the time in which the load itself was at work; near 1 it was the limit, not the server. */
  readonly loadBusy: number
}

export async function applyLoad(load: Load): Promise<Measured> {
  const times: number[] = []
  const begunMs = performance.now()
  const busyBefore = performance.eventLoopUtilization()
  const endMs = begunMs + load.durationMs
  let asked = 0

  async function keepAsking(connection: Connection): Promise<void> {
    for (let nowMs = performance.now(); nowMs < endMs && asked < (load.most ?? Infinity); ) {
      asked += 1
      const { status, body } = await connection.ask(load.request())
      if (status !== load.status)
        throw new Error(
          `Answered ${status} instead of ${load.status}: ${body.toString('utf8').slice(0, 500)}`,
        )
      const answeredMs = performance.now()
      times.push(answeredMs - nowMs)
      nowMs = answeredMs
    }
  }

  await Promise.all(load.connections.map(keepAsking))
  const elapsedMs = performance.now() - begunMs
  const { utilization } = performance.eventLoopUtilization(busyBefore)
  const sorted = Float64Array.from(times).sort()
  return {
    answers: times.length,
    perSecond: (times.length / elapsedMs) * 1_000,
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
    loadBusy: utilization,
  }
}

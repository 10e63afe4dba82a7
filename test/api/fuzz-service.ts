/**
 * A service in a process of its own, so that what is measured is its alone. Told `begin` and `end` around a request, it answers
 * what the time between them has cost; the bounds are those of the one who asks.
 */
import { GCProfiler } from 'node:v8'
import { runningService, tenantId } from '../running-service.ts'
import { addSynced } from '../together/stored-truth.ts'
import { addLargeApps, addLicenses } from './large-location.ts'

export interface FuzzTarget {
  readonly port: number
  readonly accessToken: string
  readonly tenantId: string
  readonly clientId: string
  readonly clientSecret: string
  readonly tokenId: string
}

export interface Cost {
  readonly cpuMs: number
  /** The most that the heap and what hangs on it held, above what it held when last settled. */
  readonly memoryBytes: number
  /** By how much the process has outgrown its largest size so far. */
  readonly grownBytes: number
  /** Whole descriptions of what was answered with a 500, or thrown. */
  readonly crashes: readonly string[]
}

export type Told = 'begin' | 'settleAndBegin' | 'end' | 'close'

const { gc } = globalThis as { gc?: () => void }
const [appleUrl = '', file = ''] = process.argv.slice(2)
// With nobody to ask nothing but requests costs anything; the library is then written past any sync.
const service = await runningService({
  ...(appleUrl === '' ? { appleMode: 'off' } : { appleMode: 'simulated', appleUrl }),
  settings: { 'no-tls': true },
})
if (appleUrl === '') {
  await addLicenses(service.storage, 50_000)
  await addLargeApps(service.storage, 1_200, 10)
}
const target: FuzzTarget = {
  port: Number(new URL(service.address).port),
  accessToken: await service.accessTokenOf(tenantId, service.clientId, service.clientSecret),
  tenantId,
  clientId: service.clientId,
  clientSecret: service.clientSecret,
  tokenId: appleUrl === '' ? '' : await addSynced(service, file),
}

let settledBytes = 0
let profiler = new GCProfiler()
let cpu = process.cpuUsage()
let largestBytes = 0

process.on('message', (told: Told) => {
  if (told === 'close') void service.close().then(() => process.exit(0))
  else if (told === 'end') process.send?.(end())
  else {
    if (told === 'settleAndBegin') settle()
    begin()
    process.send?.('begun')
  }
})
process.send?.(target)

function settle(): void {
  gc?.()
  settledBytes = heldBytes()
}

function begin(): void {
  service.observed.length = 0
  largestBytes = process.resourceUsage().maxRSS * 1_024
  profiler = new GCProfiler()
  profiler.start()
  cpu = process.cpuUsage()
}

function end(): Cost {
  const { user, system } = process.cpuUsage(cpu)
  // Between two collections the heap only grows, so it was largest before one of them or is so now.
  const peaks = profiler
    .stop()
    .statistics.map(
      ({ beforeGC: { heapStatistics } }) =>
        heapStatistics.usedHeapSize + heapStatistics.externalMemory,
    )
  return {
    cpuMs: (user + system) / 1_000,
    memoryBytes: Math.max(heldBytes(), ...peaks) - settledBytes,
    grownBytes: process.resourceUsage().maxRSS * 1_024 - largestBytes,
    crashes: service.observed
      .filter((one) => one.kind === 'requestCrashed' || ('status' in one && one.status === 500))
      .map((one) => JSON.stringify(one)),
  }
}

function heldBytes(): number {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** The service beside its floor: the same work for both, on the same kind of database, in the same minutes. */
import { setTimeout as delay } from 'node:timers/promises'
import { type BuiltService, serve, signIn } from './built-service.ts'
import { createWork, type Endpoints, getWork, listWork } from './comparison-works.ts'
import { type Extent, hold, type Work } from './contest.ts'
import { median } from './figures.ts'
import { type FilledTenant, fill } from './fill.ts'
import { floorRowCount } from './floor-store.ts'
import { makePlace, type Place } from './place.ts'
import { memoryOf } from './process-facts.ts'
import { type Started, start } from './started.ts'
import { printBelow, printContest, printHead } from './table.ts'

export interface ComparisonOptions {
  readonly extent: Extent
  /** Starts that are timed. */
  readonly starts: number
  /** Before every command that is measured. */
  readonly prefix: readonly string[]
  /** Absent = SQLite. */
  readonly serverUrl?: string | undefined
  /** Which works; empty = all. */
  readonly only: readonly string[]
  /** Options of Node for the service, such as `--cpu-prof`. */
  readonly nodeOptions: readonly string[]
}

const goals = { get: 0.5, list: 1, create: 2.5, startMs: 400, idleMiB: 100, loadMiB: 200 }
/** After so long the start's garbage is collected as far as it ever is. */
const idleMs = 3_000

export const workNames = [
  'start',
  'get',
  'list',
  'create1',
  'create16',
  'create64',
  'https',
] as const
type WorkName = (typeof workNames)[number]

export async function compare(options: ComparisonOptions): Promise<void> {
  const place = await makePlace(options.serverUrl)
  const stops: (() => Promise<void>)[] = [place.remove]
  try {
    const [tenant] = await fill(place, { tenants: 1, tokens: floorRowCount })
    if (!tenant) throw new Error('There is no tenant to measure with')
    const isWanted = (name: WorkName) => options.only.length === 0 || options.only.includes(name)
    const startMs = isWanted('start') ? await timeStarts(place, options) : undefined
    const floor = await startFloor(place, options)
    stops.push(floor.stop)
    const service = await serve({ ...options, place })
    stops.push(service.stop)
    await delay(idleMs)
    const idleMiB = memoryOf(service.pid).now
    await measureWorks(options, isWanted, floor, service, tenant)
    const loadMiB = memoryOf(service.pid).peak
    await service.stop()
    if (isWanted('https')) await measureTls(options, place, floor, tenant)
    console.log()
    if (startMs !== undefined) printBelow('start to first answer', 'ms', startMs, goals.startMs)
    printBelow('resident, idle', 'MiB', idleMiB, goals.idleMiB)
    printBelow('resident, most under load', 'MiB', loadMiB, goals.loadMiB)
  } finally {
    for (const stop of stops.reverse()) await stop()
  }
}

async function measureWorks(
  { extent }: ComparisonOptions,
  isWanted: (name: WorkName) => boolean,
  floor: Started & { readonly origin: string },
  service: BuiltService,
  tenant: FilledTenant,
): Promise<void> {
  const works: readonly {
    readonly name: WorkName
    readonly work: (endpoints: Endpoints) => Work | Promise<Work>
    readonly goal?: number
  }[] = [
    { name: 'get', work: getWork, goal: goals.get },
    { name: 'list', work: listWork, goal: goals.list },
    { name: 'create1', work: createWork(1) },
    { name: 'create16', work: createWork(16) },
    { name: 'create64', work: createWork(64), goal: goals.create },
  ]
  printHead()
  for (const { name, work, goal } of works) {
    if (!isWanted(name)) continue
    const endpoint = await signIn(service, tenant)
    const held = await work({ floor, service, endpoint, tenant })
    printContest(held.name, await hold(held, extent), goal === undefined ? {} : { Pomona: goal })
  }
}

/** Over HTTPS beside the plain floor: what encrypting costs besides everything else. */
async function measureTls(
  options: ComparisonOptions,
  place: Place,
  floor: Started & { readonly origin: string },
  tenant: FilledTenant,
): Promise<void> {
  const service = await serve({ ...options, place, isTls: true })
  try {
    const endpoint = await signIn(service, tenant)
    const work = getWork({ floor, service, endpoint, tenant })
    const named = { ...work, name: `${work.name}, over HTTPS` }
    printContest(named.name, await hold(named, options.extent))
  } finally {
    await service.stop()
  }
}

async function startFloor({ floorUrl }: Place, { prefix }: ComparisonOptions) {
  const floor = await start([...prefix, process.execPath, 'bench/floor.ts', floorUrl])
  return { ...floor, origin: floor.facts.origin ?? '' }
}

async function timeStarts(place: Place, options: ComparisonOptions): Promise<number> {
  const times: number[] = []
  for (let run = 0; run < options.starts; run += 1) {
    const service = await serve({ ...options, place, nodeOptions: [] })
    times.push(service.answerMs)
    await service.stop()
  }
  return median(times)
}

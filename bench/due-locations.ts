/**
 * Many locations that are due at once, with Apple's limits on: none may be asked faster than it allows, none may starve, and the
 * service should take hardly longer than its own work and what the limits make it wait.
 */
import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { serve, signIn, withConnection } from './built-service.ts'
import type { Connection } from './connection.ts'
import type { Cores } from './cores.ts'
import { median, shown } from './figures.ts'
import { type FilledTenant, fill } from './fill.ts'
import type { Place } from './place.ts'
import {
  maxPerSecond,
  type PlayedLocations,
  playLocations,
  type SeenCall,
} from './played-locations.ts'
import { type MainThread, mainThreadOf, memoryOf } from './process-facts.ts'
import { type Endpoint, getRequest, postRequest } from './requests.ts'

const tokens = '/beta/deviceAppManagement/vppTokens'
const filtered = `${tokens}?$top=1&$filter=`
const lookEveryMs = 250
const starvingMs = 900_000
const ratioGoal = 1.2

export async function benchDueLocations(
  place: Place,
  cores: Cores,
  count: number,
  nodeOptions: readonly string[],
): Promise<void> {
  console.log(`${count} locations are played …`)
  const apple = await playLocations(count, [])
  try {
    const bodyOf = (number: number) =>
      JSON.stringify({ organizationName: `Depot ${number}`, token: apple.contentTokens[number] })
    const [tenant] = await fill(place, { tenants: 1, tokens: count, bodyOf })
    if (tenant === undefined) throw new Error('There is no tenant')
    await measure(place, cores, apple, tenant, nodeOptions)
  } finally {
    await apple.stop()
  }
}

async function measure(
  place: Place,
  { prefix }: Cores,
  apple: PlayedLocations,
  tenant: FilledTenant,
  nodeOptions: readonly string[],
): Promise<void> {
  const startedAt = new Date()
  const service = await serve({ place, prefix, appleUrl: apple.dataUrl, nodeOptions })
  const atStart = mainThreadOf(service.pid)
  try {
    const endpoint = await signIn(service, tenant)
    await withConnection(service, async (connection) => {
      await untilSynced(connection, endpoint, startedAt)
      print('first sync of all, from the start', service.pid, await seen(apple), atStart)
      await apple.forgetCalls()
      const before = mainThreadOf(service.pid)
      const begun = new Date()
      await connection.ask(postRequest(endpoint, `${tokens}/syncLicenseCounts`, '{}'))
      await untilSynced(connection, endpoint, begun)
      print('all again, nothing changed', service.pid, await seen(apple), before)
    })
  } finally {
    await service.stop()
  }
}

async function untilSynced(connection: Connection, endpoint: Endpoint, since: Date): Promise<void> {
  const firstWith = async (filter: string): Promise<unknown> => {
    const path = `${filtered}${encodeURIComponent(filter)}`
    const { status, body } = await connection.ask(getRequest(endpoint, path))
    if (status !== 200) throw new Error(`Answered ${status}: ${body.toString('utf8')}`)
    return JSON.parse(body.toString('utf8')).value[0]
  }
  const endMs = performance.now() + starvingMs
  for (;;) {
    const waiting = await firstWith(`lastSyncDateTime lt ${since.toISOString()}`)
    if (waiting === undefined) break
    if (performance.now() > endMs) throw new Error(`It starves: ${JSON.stringify(waiting)}`)
    await delay(lookEveryMs)
  }
  const failed = await firstWith(`lastSyncStatus ne 'completed'`)
  if (failed !== undefined) throw new Error(`Its sync failed: ${JSON.stringify(failed)}`)
}

interface Seen {
  readonly calls: readonly SeenCall[]
  readonly broken: readonly string[]
}

async function seen(apple: PlayedLocations): Promise<Seen> {
  return { calls: await apple.calls(), broken: await apple.broken() }
}

/** All locations wait for their limits side by side, and one process works for them. */
function print(name: string, pid: number, { calls, broken }: Seen, before: MainThread): void {
  const byLocation = [...Map.groupBy(calls, ({ uId }) => uId)].flatMap(([uId, own]) =>
    uId === null ? [] : [own],
  )
  const begunMs = Math.min(...calls.map(({ realStart }) => Date.parse(realStart)))
  const endOf = (own: readonly SeenCall[]) =>
    (Math.max(...own.map((call) => Date.parse(call.realEnd ?? call.realStart))) - begunMs) / 1_000
  const ends = byLocation.map(endOf).sort((left, right) => left - right)
  const most = Math.max(...byLocation.map((own) => own.length))
  const [first = Number.NaN, last = Number.NaN] = [ends[0], ends.at(-1)]
  const { runningUs, queuedUs } = mainThreadOf(pid)
  const workSeconds = (runningUs - before.runningUs) / 1_000_000
  const queuedSeconds = (queuedUs - before.queuedUs) / 1_000_000
  const forcedSeconds = (most - 1) / maxPerSecond
  const ratio = (last - queuedSeconds) / (workSeconds + forcedSeconds)
  const refused = calls.filter(({ status }) => status === 429).length
  console.log(`
${name}: ${byLocation.length} locations, at most ${most} calls each
  done after s: first ${shown(first)}, median ${shown(median(ends))}, last ${shown(last)}; for ${shown(queuedSeconds)} s of it others had the core
  forced by the limits, side by side: ${shown(forcedSeconds)} s; the service's one thread worked for ${shown(workSeconds)} s
  the time without that of others, to both: ${shown(ratio)}, goal ${ratioGoal} ${ratio <= ratioGoal ? 'reached' : 'missed'}
  beyond a limit: ${broken.length === 0 ? 'none' : broken.join('; ')}; refused by Apple: ${refused}
  most memory: ${shown(memoryOf(pid).peak)} MiB`)
}

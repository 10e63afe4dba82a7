/**
 * What a sync of a location with a million assignments costs the built service, beside the floor of its machine. Judges nothing
 * by its exit code: the numbers are for people. docs/performance.md tells what is measured and how to read it.
 */
import { spawnSync } from 'node:child_process'
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import SqliteDatabase from 'better-sqlite3'
import { Client } from 'pg'
import { requireBuilt, serve, signIn } from './built-service.ts'
import type { Connection } from './connection.ts'
import { takeLoadCore } from './cores.ts'
import { benchDueLocations } from './due-locations.ts'
import { shown } from './figures.ts'
import { type FilledTenant, fill } from './fill.ts'
import { durabilityOf, makePlace, type Place } from './place.ts'
import { generatedSerial, type PlayedApple, playApple } from './played-apple.ts'
import { type Endpoint, postRequest } from './requests.ts'
import { downloadFloor, type FloorFigure, insertFloor } from './sync-floor.ts'
import { costOfRead, type WatchedSync, watchSync } from './watched-sync.ts'

const help = `Usage: npm run bench:sync -- [OPTION…]
  --locations N     instead: so many small locations, due at once, with Apple's limits on
  --postgres        on PostgreSQL: the server in POMONA_TEST_POSTGRES_URL, or a throwaway one
  --no-floor        the service alone
  --profile DIR     write a CPU profile of the service there (read it with node bench/profile.ts FILE)`

const { values } = parseArgs({
  allowNegative: true,
  options: {
    postgres: { type: 'boolean', default: false },
    floor: { type: 'boolean', default: true },
    locations: { type: 'string' },
    profile: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(help)
  process.exit(0)
}
requireBuilt()
const serverUrl = values.postgres ? process.env.POMONA_TEST_POSTGRES_URL : undefined
if (values.postgres && serverUrl === undefined) againBesideServer()

const nodeOptions =
  values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`]
const rows = 1_000_000
const tenAssets = Array.from({ length: 10 }, (_, index) => index * 10)
const newSerials = Array.from({ length: 100 }, (_, index) => `NEW${String(index).padStart(6, '0')}`)
const oldSerials = Array.from({ length: 100 }, (_, index) => generatedSerial(index * 97))
const everySync = { peakMib: 250, p99Ms: 20 }
const cores = takeLoadCore()
const database = serverUrl === undefined ? 'SQLite' : await durabilityOf(serverUrl)
const [load = 0] = loadavg()
console.log(
  `Node ${process.versions.node}, ${cpus()[0]?.model ?? 'unknown processor'}, ${database}`,
)
console.log(`${cores.description}; load average of the machine before: ${load.toFixed(2)}\n`)

const place = await makePlace(serverUrl)
if (values.locations !== undefined) {
  try {
    await benchDueLocations(place, cores, Number(values.locations), nodeOptions)
  } finally {
    await place.remove()
  }
  process.exit(0)
}
const apple = await playApple([])
try {
  const [tenant] = await fill(place, { tenants: 1, tokens: 1 })
  if (tenant === undefined) throw new Error('There is no tenant')
  printHead()
  await syncs(apple, place, tenant)
  if (values.floor) await floors(apple, place)
} finally {
  await place.remove()
  await apple.stop()
}

async function syncs(apple: PlayedApple, place: Place, tenant: FilledTenant): Promise<void> {
  const service = await serve({
    place,
    prefix: cores.prefix,
    appleUrl: apple.dataUrl,
    nodeOptions,
  })
  try {
    const endpoint = await signIn(service, tenant)
    const { created, begin } = callers(endpoint, apple)
    // A token that Apple does not know: read before there is a sync to be seen beside.
    const readSeconds = await costOfRead(service, endpoint, tenant.tokenIds[0] ?? '')
    console.log(`(without what the reads cost: ${shown(readSeconds * 1_000)} ms each)`)
    const watch = (begin: (connection: Connection) => Promise<string>) =>
      watchSync(service, endpoint, readSeconds, begin)
    printSync('first sync', await watch(created), { perSecond: 60_000 })
    await forgetStates(place)
    printSync('all again, nothing changed', await watch(begin), {
      perSecond: 150_000,
      rowsWritten: 0,
    })
    printSync('delta, nothing changed', await watch(begin), {
      rowsWritten: 0,
    })
    await apple.change('POST', tenAssets, newSerials)
    printSync('delta of 1,000 changes', await watch(begin), {
      processorSeconds: 0.5,
      rowsWritten: 1_010,
    })
    await apple.change('DELETE', [50], oldSerials)
    printSync('100 taken from one asset', await watch(begin), {
      rowsWritten: 101,
    })
  } finally {
    await service.stop()
  }
}

/** Requests that make the one token due, each answering its id. */
function callers(endpoint: Endpoint, { contentToken }: PlayedApple) {
  const tokens = '/beta/deviceAppManagement/vppTokens'
  let id = ''
  return {
    created: async (connection: Connection) => {
      const sent = JSON.stringify({ displayName: 'million', token: contentToken })
      const { body } = await connection.ask(postRequest(endpoint, tokens, sent))
      id = JSON.parse(body.toString('utf8')).id
      await connection.ask(postRequest(endpoint, `${tokens}/${id}/syncLicenses`, '{}'))
      return id
    },
    begin: async (connection: Connection) => {
      await connection.ask(postRequest(endpoint, `${tokens}/${id}/syncLicenses`, '{}'))
      return id
    },
  }
}

/** So that the next sync reads everything, as it does once a day. */
async function forgetStates({ storageUrl }: Place): Promise<void> {
  const sql = 'delete from sync_state'
  if (storageUrl.startsWith('sqlite:')) {
    const db = new SqliteDatabase(storageUrl.slice('sqlite:'.length), { timeout: 10_000 })
    db.exec(sql)
    return void db.close()
  }
  const client = new Client({ connectionString: storageUrl })
  await client.connect()
  await client.query(sql)
  await client.end()
}

async function floors(apple: PlayedApple, place: Place): Promise<void> {
  printFloor('floor: the pages, parsed', await downloadFloor(apple))
  const assignments = Array.from({ length: rows }, (_, index) => ({
    adamId: String(9_100_000_000 + Math.floor(index / 10_000)),
    pricingParam: 'STDQ',
    serialNumber: generatedSerial(index % 10_000),
  }))
  printFloor('floor: the rows, inserted', await insertFloor(place.floorUrl, assignments))
}

function printHead(): void {
  const columns = ['s', 'CPU s', 'rows/CPU s', 'peak MiB', 'p99 ms', 'pages', 'written']
  console.log(`${' '.repeat(28)}${columns.map((name) => name.padStart(11)).join('')}  read`)
}

interface Goals {
  readonly perSecond?: number
  readonly processorSeconds?: number
  readonly rowsWritten?: number
}

function printSync(name: string, sync: WatchedSync, goals: Goals): void {
  const perSecond = rows / sync.processorSeconds
  const figures = [sync.seconds, sync.processorSeconds, perSecond, sync.peakMib, sync.p99Ms]
  const cells = [...figures.map(shown), String(sync.pages), String(sync.rowsWritten)]
  console.log(
    `${name.padEnd(28)}${cells.map((text) => text.padStart(11)).join('')}  ${sync.readings}`,
  )
  const missed = [
    below('peak MiB', sync.peakMib, everySync.peakMib),
    below('p99 ms', sync.p99Ms, everySync.p99Ms),
    below('CPU s', sync.processorSeconds, goals.processorSeconds),
    below('rows written', sync.rowsWritten, goals.rowsWritten),
    goals.perSecond !== undefined && perSecond < goals.perSecond
      ? [`rows/CPU s below ${shown(goals.perSecond)}`]
      : [],
  ].flat()
  console.log(`  ${missed.length === 0 ? 'every goal reached' : `missed: ${missed.join(', ')}`}`)
}

function below(name: string, figure: number, goal: number | undefined): readonly string[] {
  return goal !== undefined && figure > goal ? [`${name} above ${shown(goal)}`] : []
}

function printFloor(name: string, { seconds, processorSeconds, rows }: FloorFigure): void {
  const cells = [seconds, processorSeconds, rows / processorSeconds].map(shown)
  console.log(`${name.padEnd(28)}${cells.map((text) => text.padStart(11)).join('')}`)
}

/** The same command beside a PostgreSQL server of its own. */
function againBesideServer(): never {
  const again = ['tools/with-postgres.sh', process.execPath, ...process.argv.slice(1)]
  const [command = '', ...options] = again
  const { status } = spawnSync(command, options, { stdio: 'inherit' })
  process.exit(status ?? 1)
}

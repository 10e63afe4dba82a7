// The simulator's promises about its million rows: pages, filters, deltas, memory. Prints a table; judges nothing.
import { execFileSync, spawn } from 'node:child_process'
import { cpus, loadavg } from 'node:os'
import { performance } from 'node:perf_hooks'

const goals = { pageMs: 50, residentMiB: 200, snapshotMs: 500 }
const uId = '7000000000000080'
const changes = 10_000
const changesPerCall = 1_000

const child = spawn(
  process.execPath,
  ['simulator/bin.ts', '--seed', 'million', '-o', 'json', '--clock', 'frozen'],
  { stdio: ['ignore', 'pipe', 'inherit'] },
)
try {
  await measure(JSON.parse(await firstLine(child)))
} finally {
  child.kill('SIGTERM')
}

async function measure({ dataUrl, controlUrl, controlKey }) {
  const world = `${controlUrl}/worlds/main`
  const library = `${world}/libraries/${uId}`
  const control = async (method, url, body) => {
    const headers = { 'X-Simulator-Key': controlKey }
    const answer = await fetch(url, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${url}: ${await answer.text()}`)
    return answer.status === 204 ? undefined : answer.json()
  }
  const { tokens } = await control('GET', `${library}/tokens`)
  const headers = { authorization: `Bearer ${tokens[0].file}` }
  /** The whole answer with the time until its last byte was there. */
  const get = async (query) => {
    const begun = performance.now()
    const answer = await fetch(`${dataUrl}/assignments?${query}`, { headers })
    const text = await answer.text()
    return { ms: performance.now() - begun, page: JSON.parse(text) }
  }
  const walk = async (query = '') => {
    const times = []
    let rows = 0
    for (let index = 0; index !== undefined; ) {
      const { ms, page } = await get(`pageIndex=${index}${query}`)
      if (page.assignments === undefined) throw new Error(JSON.stringify(page))
      times.push(ms)
      rows += page.size
      index = page.nextPageIndex
    }
    return { times, rows }
  }

  // Nobody measures a speed limit here.
  await control('PATCH', `${world}/settings`, { limits: { maxRequestPerSecond: 1_000_000 } })
  const [load = 0] = loadavg()
  const machine = `${cpus().length} cores, load ${load.toFixed(1)} before it began`
  console.log(`seed million, Node ${process.versions.node}, ${machine}\n`)
  console.log(`${' '.repeat(44)}median     99 %     most     goal`)
  const resident = []
  const first = await walk()
  resident.push(residentMiB(child.pid))
  row(`first walk, ${first.rows} rows`, 'ms', goals.pageMs, first.times)
  const { versionId } = (await get('pageIndex=0')).page
  const someDevices = Array.from({ length: 100 }, (_, index) => serialOf(index * 97))
  const byDevice = []
  for (const serial of someDevices) byDevice.push((await get(`serialNumber=${serial}`)).ms)
  row('filter by serial number', 'ms', goals.pageMs, byDevice)
  const byApp = []
  for (let app = 0; app < 100; app += 1) {
    byApp.push((await get(`adamId=${9_100_000_000 + app}&pageIndex=9`)).ms)
  }
  row('last page of one app', 'ms', goals.pageMs, byApp)

  await foreignChanges(control, library)
  resident.push(residentMiB(child.pid))
  const delta = await walk(`&sinceVersionId=${versionId}`)
  row(`delta after ${changes} changes, ${delta.rows} rows`, 'ms', goals.pageMs, delta.times)
  const second = await walk()
  row(`walk after them, ${second.rows} rows`, 'ms', goals.pageMs, second.times)
  resident.push(residentMiB(child.pid))
  row('resident after walk, changes, walk', 'MiB', goals.residentMiB, resident)

  const small = `${controlUrl}/worlds/small`
  await control('POST', `${controlUrl}/worlds`, {
    name: 'small',
    seed: ['small', 'states', 'paged'],
  })
  const snapshots = []
  for (let round = 0; round < 20; round += 1) {
    const begun = performance.now()
    await control('POST', `${small}/snapshots`, { name: 'before' })
    await control('POST', `${small}/snapshots/before/restore`)
    snapshots.push(performance.now() - begun)
  }
  row('snapshot and restore of three seeds', 'ms', goals.snapshotMs, snapshots)
}

/** Half of the changes take rows away, half bring new ones, spread over all apps. */
async function foreignChanges(control, library) {
  for (let begin = 0; begin < changes; begin += changesPerCall) {
    const call = begin / changesPerCall
    const assets = Array.from({ length: 10 }, (_, index) => ({
      adamId: String(9_100_000_000 + ((call * 10 + index) % 100)),
    }))
    const numbers = Array.from({ length: 50 }, (_, index) => call * 50 + index)
    await control('DELETE', `${library}/assignments`, {
      assets,
      serialNumbers: numbers.map(serialOf),
    })
    const serialNumbers = numbers.map((number) => `NEW${String(number).padStart(9, '0')}`)
    await control('POST', `${library}/assignments`, { assets, serialNumbers })
  }
}

function serialOf(device) {
  const mixed = (Math.imul(device, 2_654_435_761) + 1) >>> 0
  return `G${mixed.toString(36).toUpperCase().padStart(7, '0')}`
}

function firstLine(process) {
  return new Promise((resolve, reject) => {
    let said = ''
    process.stdout.on('data', (chunk) => {
      said += chunk
      if (said.includes('\n')) resolve(said.slice(0, said.indexOf('\n')))
    })
    process.once('exit', (code) => reject(new Error(`the simulator ended with ${code}`)))
  })
}

function residentMiB(pid) {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1_024
}

function row(name, unit, goal, numbers) {
  const sorted = [...numbers].sort((left, right) => left - right)
  const at = (share) => sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)]
  const shown = [at(0.5), at(0.99), at(1)].map((number) => number.toFixed(1).padStart(9)).join('')
  const verdict = at(1) <= goal ? 'reached' : 'missed'
  console.log(`${name.padEnd(41)}${shown}${String(goal).padStart(9)}  ${unit.padEnd(4)} ${verdict}`)
}

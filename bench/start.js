// Start to first answer of the built `serve`, and the memory it keeps when nobody asks. Prints a table; judges nothing.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'

const program = 'dist/src/bin.js'
const runs = Number(process.argv[2] ?? 9)
/** After so long the start's garbage is collected as far as it ever is. */
const idleMs = 3_000
const goals = { answerMs: 400, residentMiB: 100 }

if (!existsSync(program)) {
  console.error('There is nothing built to measure. Run npm run build first.')
  process.exit(2)
}

/** One start on the given folder: a new one makes its key, CA and database first. */
async function measure(folder) {
  const begun = performance.now()
  const service = spawn(
    process.execPath,
    [
      ...[program, 'serve', '-o', 'json', '--listen', '127.0.0.1:0', '--apple-mode', 'off'],
      ...['--data-dir', join(folder, 'data'), '--key-file', join(folder, 'key.json')],
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  try {
    const { origin, caFile } = JSON.parse(await firstLine(service))
    await answerOf(`${origin}/health/ready`, readFileSync(caFile))
    const answerMs = performance.now() - begun
    await delay(idleMs)
    return { answerMs, residentMiB: residentMiB(service.pid) }
  } finally {
    const ended = new Promise((resolve) => service.once('exit', resolve))
    service.kill('SIGTERM')
    await ended
  }
}

function firstLine(service) {
  return new Promise((resolve, reject) => {
    let said = ''
    service.stdout.on('data', (chunk) => {
      said += chunk
      if (said.includes('\n')) resolve(said.slice(0, said.indexOf('\n')))
    })
    service.once('exit', (code) => reject(new Error(`serve ended with ${code} before it answered`)))
  })
}

function answerOf(url, ca) {
  return new Promise((resolve, reject) => {
    request(url, { ca, agent: false }, (answer) => {
      answer.resume().on('end', () => {
        if (answer.statusCode === 200) resolve()
        else reject(new Error(`${url} answered ${answer.statusCode}`))
      })
    })
      .on('error', reject)
      .end()
  })
}

function residentMiB(pid) {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1_024
}

function median(numbers) {
  const sorted = [...numbers].sort((left, right) => left - right)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

function row(name, unit, goal, numbers) {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)]
  const shown = [median(numbers), least, most, goal].map((number) => number.toFixed(0).padStart(7))
  const verdict = median(numbers) <= goal ? 'reached' : 'missed'
  console.log(`${name.padEnd(36)}${shown.join('')}  ${unit.padEnd(4)} ${verdict}`)
}

const first = []
const again = []
for (let run = 0; run < runs; run += 1) {
  const folder = mkdtempSync(join(tmpdir(), 'pomona-bench-'))
  try {
    first.push(await measure(folder))
    again.push(await measure(folder))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

console.log(
  `serve over HTTPS on SQLite, ${runs} runs each, Node ${process.versions.node}, ${cpus().length} cores\n`,
)
console.log(`${' '.repeat(36)} median  least   most   goal`)
const answers = (measured) => measured.map(({ answerMs }) => answerMs)
const resident = (measured) => measured.map(({ residentMiB }) => residentMiB)
row('start to first answer', 'ms', goals.answerMs, answers(again))
row('the very first start', 'ms', goals.answerMs, answers(first))
row('resident, idle', 'MiB', goals.residentMiB, resident(again))

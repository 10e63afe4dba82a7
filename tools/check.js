// Everything that must hold before a change lands: format and lint, types, build, every test; what works on a whole service a
// second time on PostgreSQL, when POMONA_TEST_POSTGRES_URL names a server (tools/with-postgres.sh). Ends with one plain line.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const bin = (name) => join('node_modules', '.bin', name)

function step(title, command, options, environment = {}) {
  console.log(`\n— ${title}`)
  const { status } = spawnSync(command, options, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...environment },
  })
  return status === 0
}

/** Runs test files; all of them when no folders are given. */
function tests(title, folders = [], environment = {}) {
  const reportFolder = mkdtempSync(join(tmpdir(), 'pomona-check-'))
  const reportFile = join(reportFolder, 'tests.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`]
  const options = ['node_modules/vitest/vitest.mjs', 'run', ...folders, ...reporters]
  const hold = step(title, process.execPath, options, environment)
  const { numPassedTests, numFailedTests, numPendingTests } = countsOf(reportFile)
  rmSync(reportFolder, { recursive: true, force: true })
  const failed = numFailedTests + (hold || numFailedTests > 0 ? 0 : 1)
  return { passed: numPassedTests, failed, skipped: numPendingTests }
}

const hasPostgres = Boolean(process.env.POMONA_TEST_POSTGRES_URL)

const brokenSteps = [
  step('format and lint', bin('biome'), ['check', '.']),
  step('types', bin('tsc'), ['-p', 'tsconfig.json']),
  step('build', process.execPath, ['tools/build.js']),
].filter((holds) => !holds).length

const runs = [tests('tests (layers, units, contracts, API, built program)')]
if (hasPostgres)
  runs.push(
    tests(
      'the same on PostgreSQL (API, synchronization, service and simulator together)',
      ['test/api', 'test/sync', 'test/together'],
      { POMONA_TEST_STORAGE: 'postgres' },
    ),
  )

const sum = (name) => runs.reduce((total, run) => total + run[name], 0)
const failed = sum('failed') + brokenSteps
const skipped = sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : ''
if (!hasPostgres)
  console.warn(
    '\nSKIPPED: everything on PostgreSQL. To run it too: tools/with-postgres.sh npm run --silent check',
  )
console.log(`\n${sum('passed')} passed, ${failed} failed${skipped}`)
process.exit(failed === 0 ? 0 : 1)

function countsOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    console.error('The tests wrote no report: they did not run to their end.')
    return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 }
  }
}

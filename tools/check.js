// Everything that must hold before a change lands: format and lint, types, build, every test. Ends with one plain line.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const bin = (name) => join('node_modules', '.bin', name)

function step(title, command, ...options) {
  console.log(`\n— ${title}`)
  const { status } = spawnSync(command, options, { stdio: ['ignore', 'inherit', 'inherit'] })
  return status === 0
}

const reportFolder = mkdtempSync(join(tmpdir(), 'pomona-check-'))
const reportFile = join(reportFolder, 'tests.json')

const stepsHold = [
  step('format and lint', bin('biome'), 'check', '.'),
  step('types', bin('tsc'), '-p', 'tsconfig.json'),
  step('build', process.execPath, 'tools/build.js'),
]
const testsHold = step(
  'tests (layers, units, contracts, API, built program)',
  process.execPath,
  'node_modules/vitest/vitest.mjs',
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${reportFile}`,
)

const { numPassedTests, numFailedTests, numPendingTests } = countsOf(reportFile)
rmSync(reportFolder, { recursive: true, force: true })
const brokenSteps = stepsHold.filter((holds) => !holds).length
const failed = numFailedTests + brokenSteps + (testsHold || numFailedTests > 0 ? 0 : 1)
const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : ''
console.log(`\n${numPassedTests} passed, ${failed} failed${skipped}`)
process.exit(failed === 0 ? 0 : 1)

function countsOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    console.error('The tests wrote no report: they did not run to their end.')
    return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 }
  }
}

import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningSimulator, startSimulator } from './simulator.ts'

const controlKey = 'any-long-text-of-yours'
const canRun = ['bash', 'curl'].every((program) => spawnSync(program, ['--version']).status === 0)
let simulator: RunningSimulator
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'simulator-readme-'))
  simulator = await startSimulator({
    listen: '127.0.0.1:0',
    control: '127.0.0.1:0',
    seeds: ['small'],
    controlKey,
  })
})
afterAll(async () => {
  await simulator.close()
  await rm(folder, { recursive: true })
})

/** All commands in the order in which they stand, but for those that start a simulator. */
async function commands(): Promise<string> {
  const readme = await readFile(new URL('./README.md', import.meta.url), 'utf8')
  const blocks = [...readme.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text)
  const playing = blocks.filter((text) => !text.includes('simulator/bin.ts'))
  expect(playing.length).toBeGreaterThan(10)
  return playing
    .join('\n')
    .replace('http://127.0.0.1:8480/mdm/v2', simulator.dataUrl)
    .replace('http://127.0.0.1:8481/simulator', simulator.controlUrl)
}

test.skipIf(!canRun)(
  'the commands of the README work as they stand, one after the other',
  async () => {
    const script = `set -euo pipefail\n${await commands()}`
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script], {
      cwd: folder,
      maxBuffer: 64 * 1024 * 1024,
      env: {
        ...process.env,
        APPLE_VPP_SIMULATOR_CONTROL_KEY: controlKey,
        PATH: `${join(process.execPath, '..')}:${process.env.PATH}`,
      },
    })
    expect(stderr).toBe('')
    expect(stdout.split('\n').filter((line) => line.startsWith('{"error":'))).toEqual([])
    // The one refusal that is meant to be seen: the token was revoked a line before.
    expect(stdout).toContain('{"errorNumber":9625,')
  },
)

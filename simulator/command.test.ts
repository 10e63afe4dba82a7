import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'

const bin = fileURLToPath(new URL('./bin.ts', import.meta.url))

async function startAndStop(args: string[], signal: NodeJS.Signals) {
  const child = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  child.stdout.setEncoding('utf8')
  const [output] = (await once(child.stdout, 'data')) as [string]
  const exited = once(child, 'exit')
  child.kill(signal)
  const [exitCode] = await exited
  return { output, exitCode }
}

describe('the command apple-vpp-simulator', () => {
  test('prints one fact a line and ends cleanly on SIGTERM', async () => {
    const { output, exitCode } = await startAndStop(
      ['--seed', 'small', 'states', '--at', 'now'],
      'SIGTERM',
    )
    expect(output).toMatch(
      /^data http:\/\/127\.0\.0\.1:\d+\/mdm\/v2\ncontrol http:\/\/127\.0\.0\.1:\d+\/simulator\nkey [\w-]{32}\n$/,
    )
    expect(exitCode).toBe(0)
  })

  test('prints one line of JSON with -o json and ends cleanly on SIGINT', async () => {
    const { output, exitCode } = await startAndStop(['-o', 'json'], 'SIGINT')
    expect(output.trimEnd()).not.toContain('\n')
    expect(Object.keys(JSON.parse(output))).toEqual(['dataUrl', 'controlUrl', 'controlKey'])
    expect(exitCode).toBe(0)
  })

  test('a mistake ends it with one line and exit code 1', async () => {
    const failed = promisify(execFile)(process.execPath, [bin, '--seed', 'smal'])
    await expect(failed).rejects.toMatchObject({
      code: 1,
      stderr: 'error: There is no seed "smal". Perhaps you meant "small".\n',
    })
  })
})

import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
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

function addressOf(url: string) {
  const { hostname, port } = new URL(url)
  return { host: hostname, port: Number(port) }
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

  test('makes its own HTTPS with --tls-generate: whoever trusts the file it wrote can call it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'simulator-tls-'))
    const caFile = join(folder, 'ca.pem')
    const args = [bin, '--tls-generate', caFile, '--tls-name', 'apple.example', '-o', 'json']
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const exited = once(child, 'exit')
    const [output] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string]
    try {
      const facts = JSON.parse(output)
      expect(facts.caFile).toBe(caFile)
      const ca = await readFile(caFile)
      for (const servername of ['localhost', 'apple.example']) {
        const socket = connect({ ...addressOf(facts.dataUrl), servername, ca })
        await once(socket, 'secureConnect')
        expect(socket.authorized).toBe(true)
        socket.destroy()
      }
    } finally {
      child.kill('SIGTERM')
      await exited
      await rm(folder, { recursive: true })
    }
  })

  test.each([
    [
      ['--tls-name', 'apple.example'],
      '--tls-name is for a generated certificate. Give --tls-generate, too.',
    ],
    [['--tls-cert', 'cert.pem'], '--tls-cert and --tls-key belong together. Give both or none.'],
    [
      ['--control-key-file', '/no/such/key'],
      '--control-key-file /no/such/key cannot be read (ENOENT). Check the path.',
    ],
    [
      ['--tls-generate', '/no/such/ca.pem'],
      '--tls-generate /no/such/ca.pem cannot be written (ENOENT). Name a file in a folder that is there.',
    ],
    [
      ['--at', 'foo 1'],
      '"foo 1" is no time. Write it like 2026-12-01T09:00:00Z, or "now" on the command line.',
    ],
    [['--seed', 'smal'], 'There is no seed "smal". Perhaps you meant "small".'],
  ])('%j is told as a mistake, in one line with exit code 1', async (args, message) => {
    const failed = promisify(execFile)(process.execPath, [bin, ...args])
    await expect(failed).rejects.toMatchObject({ code: 1, stderr: `error: ${message}\n` })
  })
})

/** A built service with a simulator behind it, one tenant, and the commands as an operator of it would type them. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Ended, pomona, type Started, simulator, startBuilt } from './built-program.ts'

export const tenantId = '3f2a7c1e-0d4b-4a55-9c1e-7b2f00c0ffee'
export const role = 'DeviceManagementServiceConfig.ReadWrite.All'

export interface CliWorld {
  readonly folder: string
  /** Flags of the commands that work on the storage. */
  readonly place: readonly string[]
  readonly service: Started
  readonly origin: string
  readonly caFile: string
  /** Everything that commands printed so far. */
  said(): string
  /** A command to its end, with its own user folders; `input` goes into its standard input. */
  run(options: readonly string[], input?: string): Promise<Ended>
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever JSON came back
  control(method: string, path: string, body?: unknown): Promise<any>
  close(): Promise<void>
}

export async function cliWorld(seeds: readonly string[]): Promise<CliWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'pomona-cli-'))
  const place = ['--data-dir', join(folder, 'data'), '--key-file', join(folder, 'key.json')]
  const apple = await startBuilt(simulator, [
    ...['--listen', '127.0.0.1:0', '--control', '127.0.0.1:0', '--seed', ...seeds],
    ...['--at', 'now', '-o', 'json'],
  ])
  let said = ''
  const run: CliWorld['run'] = async (options, input) => {
    const ended = await runWithInput(options, input, userFolders(folder))
    said += ended.stdout + ended.stderr
    return ended
  }
  await run(['tenant', 'add', '--id', tenantId, '--name', 'Harbour', ...place])
  const service = await startBuilt(pomona, [
    ...['serve', '--listen', '127.0.0.1:0', '--log-level', 'debug', '-o', 'json', ...place],
    ...['--apple-mode', 'simulated', '--apple-url', apple.facts.dataUrl ?? ''],
  ])
  return {
    folder,
    place,
    service,
    origin: service.facts.origin ?? '',
    caFile: service.facts.caFile ?? '',
    said: () => said,
    run,
    control: async (method, path, body) => {
      const response = await fetch(`${apple.facts.controlUrl}/worlds/main${path}`, {
        method,
        headers: {
          'X-Simulator-Key': apple.facts.controlKey ?? '',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
      return text === '' ? undefined : JSON.parse(text)
    },
    close: async () => {
      await service.stop()
      await apple.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** So that no test reads or writes the folders of whoever runs it. */
export function userFolders(folder: string): Readonly<Record<string, string>> {
  return { XDG_CONFIG_HOME: join(folder, 'config'), XDG_DATA_HOME: join(folder, 'share') }
}

export async function runWithInput(
  options: readonly string[],
  input: string | undefined,
  environment: Readonly<Record<string, string>>,
): Promise<Ended> {
  const child = spawn(process.execPath, [pomona, ...options], {
    env: { ...process.env, ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const ended = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => {
    ended.stdout += String(chunk)
  })
  child.stderr.on('data', (chunk) => {
    ended.stderr += String(chunk)
  })
  // A command that reads no input may end before it is written.
  child.stdin.on('error', () => undefined)
  child.stdin.end(input ?? '')
  const [exitCode] = await once(child, 'close')
  return { exitCode: Number(exitCode), ...ended }
}

/** The built commands as an operator starts them: processes of their own, from `dist/`. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'

const run = promisify(execFile)

export const pomona = 'dist/src/bin.js'
export const simulator = 'dist/simulator/bin.js'

export interface Ended {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command to its end. */
export async function runBuilt(
  program: string,
  options: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  try {
    const { stdout, stderr } = await run(process.execPath, [program, ...options], {
      env: { ...process.env, ...environment },
      timeout: 120_000,
      maxBuffer: 16 * 1_024 * 1_024,
    })
    return { exitCode: 0, stdout, stderr }
  } catch (error) {
    const ended = error as { code?: number; stdout?: string; stderr?: string }
    return {
      exitCode: ended.code ?? -1,
      stdout: ended.stdout ?? '',
      stderr: ended.stderr ?? '',
    }
  }
}

export interface Started {
  /** The first line of JSON it printed. */
  readonly facts: Readonly<Record<string, string>>
  /** Everything it printed so far, both streams. */
  output(): string
  /** SIGTERM; answers the exit code. */
  stop(): Promise<number | null>
  /** SIGKILL: nothing is finished, nothing is given back. */
  kill(): Promise<void>
}

/** Starts a command that stays, and waits until its standard output fits `ready`: by default one line of JSON, its facts. */
export async function startBuilt(
  program: string,
  options: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  ready = /^\{.*\}$/m,
): Promise<Started> {
  const child = spawn(process.execPath, [program, ...options], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk)
  })
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      stdout += String(chunk)
      if (ready.test(stdout)) resolve()
    })
    child.once('exit', (code) =>
      reject(new Error(`${program} ended with ${code}: ${stdout}${stderr}`)),
    )
  })
  const line = /^\{.*\}$/m.exec(stdout)?.[0]
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await once(child, 'exit')
  }
  return {
    facts: line === undefined ? {} : JSON.parse(line),
    output: () => stdout + stderr,
    stop: async () => {
      await end('SIGTERM')
      return child.exitCode
    },
    kill: () => end('SIGKILL'),
  }
}

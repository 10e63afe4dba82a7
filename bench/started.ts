/** A process that is measured: started before the others, ended when they are done. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface Started {
  readonly pid: number
  /** The line of JSON that it printed when it was ready. */
  readonly facts: Readonly<Record<string, string>>
  /** SIGTERM, and its end. */
  stop(): Promise<void>
}

/**
 * `command`: the program and what it is told; a prefix such as `taskset -c 0` becomes the program that it starts. What the process
 * logs is written as ever, but to nowhere: a file would have the disk flush more than the database's own.
 */
export async function start(command: readonly string[]): Promise<Started> {
  const [program = '', ...options] = command
  const child = spawn(program, options, { stdio: ['ignore', 'pipe', 'ignore'] })
  const ended = once(child, 'exit')
  // Whatever ends the bench early must not leave a server behind.
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  const early = ended.then(([code]): never => {
    throw new Error(`It ended with ${code} before it was ready: ${command.join(' ')}`)
  })
  const line = await Promise.race([firstLine(child.stdout), early])
  return {
    pid: child.pid ?? 0,
    facts: JSON.parse(line),
    async stop() {
      child.kill('SIGTERM')
      await ended
      process.off('exit', kill)
    },
  }
}

/** Runs a command to its end and answers what it printed. */
export async function runToEnd(command: readonly string[]): Promise<string> {
  const [program = '', ...options] = command
  const { stdout } = await run(program, options)
  return stdout
}

function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve) => {
    let said = ''
    stream.on('data', (chunk) => {
      said += String(chunk)
      if (said.includes('\n')) resolve(said.slice(0, said.indexOf('\n')))
    })
  })
}

/** Starts a command of this package as a process of its own and waits for the line of JSON that says it is ready. */
import { type ChildProcess, spawn } from 'node:child_process'
import { extname } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Failure } from '../../model/failure.ts'
import { endWithParent, folderVariable } from './end-with-parent.ts'

export interface StartedProcess {
  /** The line it printed, parsed. Failure `misconfigured` when it ended before. */
  readonly facts: Promise<Readonly<Record<string, unknown>>>
  /** SIGTERM, then waits for its end. */
  stop(): Promise<void>
}

/** From sources (.ts) or from the built package (.js): whichever this file itself is. */
const extension = extname(fileURLToPath(import.meta.url))

/**
 * `program` is the path of a command without extension, relative to `src`'s parent: `src/bin`, `simulator/bin`. `folder` goes when
 * this process ends without having stopped it.
 */
export function startProcess(
  program: string,
  options: readonly string[],
  folder: string,
): StartedProcess {
  const file = fileURLToPath(new URL(`../../../${program}${extension}`, import.meta.url))
  const child = spawn(process.execPath, [...endWithParent, file, ...options], {
    // Nothing is ever written to its standard input: it closes with this process.
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...environmentOf(process.env), [folderVariable]: folder },
    // Ctrl-C goes to the whole group of a terminal; the demo stops its processes itself, in order.
    detached: true,
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return {
    facts: factsOf(program, child, ended),
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
      await ended
    },
  }
}

async function factsOf(program: string, child: ChildProcess, ended: Promise<unknown>) {
  const line = await Promise.race([firstLine(child), ended.then(() => undefined)])
  if (line === undefined)
    throw new Failure(
      'misconfigured',
      `${program} ended (exit code ${child.exitCode}) before it was ready; what it said stands above.`,
    )
  return JSON.parse(line) as Record<string, unknown>
}

/** Settings that an operator left in the environment are meant for another service than the demo's. */
function environmentOf(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(variables).filter(([name]) => !name.startsWith('POMONA_')),
  )
}

async function firstLine(child: ChildProcess): Promise<string | undefined> {
  if (!child.stdout) return undefined
  for await (const line of createInterface({ input: child.stdout })) {
    // Whatever it prints later is read and dropped, so that it never waits for room.
    child.stdout.resume()
    return line
  }
  return undefined
}

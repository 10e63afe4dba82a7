/** Nothing is lost unasked: what would go is shown first, and goes after `--yes` or a yes at the terminal. */
import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import { Failure } from '../model/failure.ts'
import { inOneLine, say } from './output.ts'
import { answer, type OutputForm } from './row-output.ts'

export interface Consent {
  readonly yes: boolean
  readonly dryRun: boolean
  readonly output: OutputForm
}

export interface Loss {
  /** What people see before they agree. */
  readonly lines: readonly string[]
  /** The same for programs, in a dry run. */
  readonly facts: object
  /** What the command needs besides `--yes` when it is repeated; absent = nothing. */
  readonly needs?: string
}

export function addConsent(command: Command): Command {
  return command
    .option('--yes', 'do it without asking', false)
    .option('--dry-run', 'only show what would change', false)
}

/** False: it was only to be shown. Failure `misconfigured` when nobody agreed; nothing was changed then. */
export async function isAgreed(
  { yes, dryRun, output }: Consent,
  { lines, facts, needs }: Loss,
): Promise<boolean> {
  if (dryRun) {
    const people = () => [...lines, 'Nothing was changed.'].forEach(say)
    answer(output, { whole: facts, people })
    return false
  }
  if (yes) return true
  for (const line of lines) process.stderr.write(`${inOneLine(line)}\n`)
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw notDone(
      `Nothing was changed. To do it, repeat the command with ${needs ? `${needs} ` : ''}--yes.`,
    )
  if (await isYes(process.stdin, process.stderr)) return true
  throw notDone('Nothing was changed.')
}

/** Whoever closes the terminal, or presses Ctrl-C, has not agreed. */
export async function isYes(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<boolean> {
  const asking = createInterface({ input, output })
  try {
    const closed = new Promise<undefined>((resolve) =>
      asking.once('close', () => resolve(undefined)),
    )
    const said = await Promise.race([asking.question('Do it? (yes or no) '), closed])
    // What comes next begins a line of its own.
    if (said === undefined) output.write('\n')
    return /^y(es)?$/i.test((said ?? '').trim())
  } finally {
    asking.close()
  }
}

function notDone(message: string): Failure {
  return new Failure('misconfigured', message, { property: 'yes' })
}

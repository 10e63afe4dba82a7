/** What a command shows: tables for people, JSON for programs, errors as what / why / do this. */
import Table from 'cli-table3'
import { Failure } from '../model/failure.ts'
import { traceOf } from '../model/observation.ts'

export type OutputForm = 'table' | 'json'

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
}

/** No colours and no frame: it reads the same in a terminal, a file and a pipe. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const nothing = ''
  const table = new Table({
    head: [...head],
    chars: {
      top: nothing,
      'top-mid': nothing,
      'top-left': nothing,
      'top-right': nothing,
      bottom: nothing,
      'bottom-mid': nothing,
      'bottom-left': nothing,
      'bottom-right': nothing,
      left: nothing,
      'left-mid': nothing,
      mid: nothing,
      'mid-mid': nothing,
      right: nothing,
      'right-mid': nothing,
      middle: '  ',
    },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  })
  for (const row of rows) table.push([...row])
  const lines = table.toString().split('\n')
  process.stdout.write(`${lines.map((line) => line.trimEnd()).join('\n')}\n`)
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** The exit code that goes with it: 2 for what the caller can mend, 1 for a fault of Pomona's. */
export function reportError(error: unknown): number {
  if (error instanceof Failure && error.code !== 'internal') {
    process.stderr.write(`pomona: ${error.message}\n`)
    return 2
  }
  process.stderr.write(
    `pomona: something went wrong inside Pomona; nothing was changed by the failed step. Report this line: ${traceOf(error)}\n`,
  )
  return 1
}

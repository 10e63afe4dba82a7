/** Rows below each other, for people. Apart from the rest of the output, so that a service does not load what it never draws. */
import Table from 'cli-table3'
import { inOneLine } from './output.ts'

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
  for (const row of rows) table.push(row.map(inOneLine))
  const lines = table.toString().split('\n')
  process.stdout.write(`${lines.map((line) => line.trimEnd()).join('\n')}\n`)
}

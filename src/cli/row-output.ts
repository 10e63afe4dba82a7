/** Lists and records in the form that was asked for: a table for people, JSON, YAML or CSV for programs. */
import { type Command, Option } from 'commander'
import { printJson, printTable, say } from './output.ts'

export type RowForm = 'table' | 'json' | 'yaml' | 'csv'

export interface Shown<Row> {
  readonly head: readonly string[]
  readonly cells: (row: Row) => readonly string[]
}

export function addRowOutput(command: Command): Command {
  return command.addOption(
    new Option('-o, --output <FORM>', 'how the answer is shown')
      .choices(['table', 'json', 'yaml', 'csv'])
      .default('table'),
  )
}

export function printRows<Row extends object>(
  form: RowForm,
  rows: readonly Row[],
  { head, cells }: Shown<Row>,
): void {
  if (form === 'table') printTable(head, rows.map(cells))
  else if (form === 'csv') printCsv(rows)
  else printValue(form, rows)
}

export function printValue(form: 'json' | 'yaml', value: unknown): void {
  if (form === 'json') printJson(value)
  else say(yaml(value, ''))
}

/** A column per member of the first row, as RFC 4180 has it. */
export function printCsv(rows: readonly object[]): void {
  const names = Object.keys(rows[0] ?? {})
  if (names.length > 0) say(names.join(','))
  for (const row of rows) {
    const values = new Map<string, unknown>(Object.entries(row))
    say(names.map((name) => csvCell(values.get(name))).join(','))
  }
}

function csvCell(value: unknown): string {
  if (value === null || value === undefined) return ''
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Blocks of names and values; texts in quotes, so that none of them can be taken for anything else. */
export function yaml(value: unknown, indent: string): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]'
    return value.map((one) => `${indent}- ${yaml(one, `${indent}  `).trimStart()}`).join('\n')
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null)
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  if (members.length === 0) return '{}'
  return members
    .map(([name, member]) => {
      const isBlock =
        typeof member === 'object' && member !== null && Object.keys(member).length > 0
      const text = yaml(member, `${indent}  `)
      return `${indent}${name}:${isBlock ? `\n${text}` : ` ${text}`}`
    })
    .join('\n')
}

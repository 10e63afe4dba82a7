/** The answer of a command in the form that was asked for: the one place that knows the forms. */
import { type Command, Option } from 'commander'
import { csvText } from './csv.ts'
import { jsonText } from './json-text.ts'
import { printTable } from './table.ts'
import { yamlText } from './yaml.ts'

export const outputForms = ['table', 'json', 'yaml', 'csv'] as const
export type OutputForm = (typeof outputForms)[number]

export function addOutput(command: Command): Command {
  return command.addOption(
    new Option('-o, --output <FORM>', 'how the answer is shown')
      .choices(outputForms)
      .default('table'),
  )
}

export interface Answer {
  /** What programs get. */
  readonly whole: unknown
  /** What csv lists, a line each. Absent = the whole: its rows when it is a list, else one row. */
  readonly rows?: readonly object[]
  /** Says it to people. */
  readonly people: () => void
}

export function answer(form: OutputForm, { whole, rows, people }: Answer): void {
  if (form === 'table') people()
  else if (form === 'csv') printCsv(rows ?? (Array.isArray(whole) ? whole : [Object(whole)]))
  else printValue(form, whole)
}

export interface Shown<Row> {
  readonly head: readonly string[]
  readonly cells: (row: Row) => readonly string[]
}

export function printRows<Row extends object>(
  form: OutputForm,
  rows: readonly Row[],
  { head, cells }: Shown<Row>,
): void {
  answer(form, { whole: rows, people: () => printTable(head, rows.map(cells)) })
}

export function printValue(form: 'json' | 'yaml', value: unknown): void {
  process.stdout.write(form === 'json' ? `${jsonText(value, 2)}\n` : yamlText(value))
}

export function printCsv(rows: readonly object[]): void {
  process.stdout.write(csvText(rows))
}

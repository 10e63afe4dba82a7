/** What a command says to people: sentences, errors as what / why / do this. Never a colour. */
import { Failure, type FailureCode } from '../model/failure.ts'
import { traceOf } from '../model/observation.ts'

export type Facts = readonly (readonly [name: string, value: string])[]

/** Names and values below each other. */
export function printFacts(facts: Facts): void {
  for (const line of factLines(facts)) say(line)
}

export function factLines(facts: Facts): readonly string[] {
  const width = Math.max(...facts.map(([name]) => name.length))
  return facts.map(([name, value]) => `${name.padEnd(width)}  ${inOneLine(value)}`.trimEnd())
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** For people, beside the answer: standard output stays what a program reads. */
export function remark(text: string): void {
  for (const line of text.split('\n')) process.stderr.write(`pomona: ${inOneLine(line)}\n`)
}

/** Not what the caller asked is at fault but what had to be reached; the same command may do later. */
const faults: ReadonlySet<FailureCode> = new Set(['internal', 'unavailable', 'throttled'])

/** The exit code that goes with it: 2 for what the caller can mend, 1 for a fault of Pomona's or of what it needs. */
export function reportError(error: unknown): number {
  if (error instanceof Failure && error.code !== 'internal') {
    remark(error.message)
    return faults.has(error.code) ? 1 : 2
  }
  remark(
    `something went wrong inside Pomona; nothing was changed by the failed step. Report this line: ${traceOf(error)}`,
  )
  return 1
}

/** Names come from other people: none of them may move the cursor or break a row. */
export function inOneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to be kept out
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ')
}

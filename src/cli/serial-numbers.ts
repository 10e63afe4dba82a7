/** Serial numbers from a file or standard input: one per line, or the first column of a table. */
import { readFile } from 'node:fs/promises'
import { Failure } from '../model/failure.ts'
import { readInput } from './read-input.ts'
import { requireSerialNumbers, requireText } from './serial-numbers-form.ts'

const longestInput = 16 * 1_024 * 1_024

/** Failure `misconfigured` when it holds none, or what cannot be one. */
export async function readSerialNumbers(file: string): Promise<readonly string[]> {
  const text = file === '-' ? await readInput(longestInput) : await readText(file)
  // What is cut off would be taken for devices that nobody knows.
  if (text.length >= longestInput)
    throw new Failure('misconfigured', `The list is longer than ${longestInput} characters.`)
  const source = file === '-' ? 'Standard input' : `The file '${file}'`
  const serialNumbers = serialNumbersIn(requireText(text, source))
  const where = file === '-' ? 'standard input' : `the file '${file}'`
  if (serialNumbers.length > 0) return requireSerialNumbers(serialNumbers, where, 'devices')
  throw new Failure('misconfigured', `${source} holds no serial number. Give one per line.`)
}

/** Empty lines, those that begin with #, and the head of a table are left out. */
export function serialNumbersIn(text: string): readonly string[] {
  const firsts = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => (line.split(/[,;\t]/)[0] ?? '').trim().replace(/^"(.*)"$/, '$1'))
    .filter((one) => one !== '' && !one.startsWith('#'))
  const isHead = /^serial[ _-]?(?:number|no\.?)?$/i.test(firsts[0] ?? '')
  return [...new Set(isHead ? firsts.slice(1) : firsts)]
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new Failure(
      'misconfigured',
      `The file '${file}' cannot be read. Check that it exists and that you may read it.`,
      { cause },
    )
  }
}

/** What can be a serial number: a wrong file must not be taken for a list of devices. */
import { Failure } from '../model/failure.ts'
import { inOneLine } from './output.ts'

/** Characters of a text that are shown when it is refused. */
const mostShown = 40

/** Failure `misconfigured` that names the first that has other characters than letters, digits and hyphens. `source` as in "the file 'a'". */
export function requireSerialNumbers(
  texts: readonly string[],
  source: string,
  property: string,
): readonly string[] {
  const wrong = texts.find((text) => !/^[A-Za-z0-9-]+$/.test(text))
  if (wrong === undefined) return texts
  const shown = wrong.length > mostShown ? `${wrong.slice(0, mostShown)}…` : wrong
  throw new Failure(
    'misconfigured',
    `'${inOneLine(shown)}' in ${source} cannot be a serial number: those have letters and digits only. Nothing was changed. Give one serial number per line, or a table that has them in its first column.`,
    { property },
  )
}

/** Failure `misconfigured` when it holds what no text file does, as programs, pictures and workbooks do. */
export function requireText(text: string, source: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these tell a text from anything else
  if (!/[\u0000-\u0008\u000b\u000e-\u001f\u007f]/.test(text)) return text
  throw new Failure(
    'misconfigured',
    `${source} is no list of serial numbers: it holds characters that no text has. Nothing was changed. Save the list as plain text in UTF-8 or as CSV, one serial number per line.`,
  )
}

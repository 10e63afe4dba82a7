/** Apps and devices as they are named on a command line: several with spaces or commas between them. */
import { Failure } from '../model/failure.ts'
import { requireSerialNumbers } from './serial-numbers-form.ts'

/** Failure `misconfigured` that names the option for what can be no app or book. */
export function adamIdsIn(texts: readonly string[]): readonly string[] {
  return severalIn(texts).map(adamIdIn)
}

export function adamIdIn(text: string): string {
  if (/^\d{1,20}$/.test(text)) return text
  throw wrong(
    'app',
    `'${text}' is not the number of an app or book (--app). Give its number at Apple, such as 361309726; pomona app list shows the numbers.`,
  )
}

/** Failure `misconfigured` for what can be no serial number. */
export function serialNumbersNamed(texts: readonly string[]): readonly string[] {
  return requireSerialNumbers(severalIn(texts), '--device', 'device')
}

/** Where one device is all that can be asked for. */
export function oneSerialNumber(text: string): string {
  if (severalIn([text]).length === 1 && !text.includes(',')) return text.trim()
  throw wrong(
    'device',
    `'${text}' is not one serial number (--device). This command takes one device; repeat it for each of them.`,
  )
}

function severalIn(texts: readonly string[]): readonly string[] {
  const parts = texts.flatMap((text) => text.split(',')).map((part) => part.trim())
  return [...new Set(parts.filter((part) => part !== ''))]
}

function wrong(property: string, message: string): Failure {
  return new Failure('misconfigured', message, { property })
}

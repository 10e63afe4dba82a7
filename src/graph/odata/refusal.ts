/** How a query option is refused: always `badRequest`, always with the option's name. */
import { Failure } from '../../model/failure.ts'
import { maxTextLength } from './limits.ts'

export type Option = '$filter' | '$orderby' | '$search' | '$select' | '$expand'

/** Longest piece of a caller's text that a message repeats. */
const shownLength = 128

export function refused(option: Option, message: string): Failure {
  return new Failure('badRequest', message, { property: option })
}

/** A caller's text as a message may repeat it. */
export function clipped(text: string): string {
  return text.slice(0, shownLength).toWellFormed()
}

export function checkLength(option: Option, text: string): void {
  if (text.length > maxTextLength)
    throw refused(
      option,
      `The ${option} is too long: ${text.length} characters, at most ${maxTextLength} are taken. Ask for less at once.`,
    )
}

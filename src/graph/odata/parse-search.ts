/** `$search="some phrase"` or `$search=word`: one text to look for. */
import { checkLength, refused } from './refusal.ts'

/**
 *   search = phrase | word
 *   phrase = '"' { any but '"' and "\" | '\"' | "\\" } '"'
 *   word   = any but blanks, '"', "(" and ")"; neither AND, OR nor NOT
 */
export function parseSearch(text: string): string {
  checkLength('$search', text)
  const given = text.trim()
  const phrase = /^"((?:[^"\\]|\\["\\])*)"$/.exec(given)?.[1]?.replace(/\\(.)/g, '$1')
  if (phrase !== undefined && phrase.trim() !== '') return phrase
  if (/^[^\s"()]+$/.test(given) && !/^(?:AND|OR|NOT)$/.test(given)) return given
  throw refused(
    '$search',
    'The $search cannot be read. Give one word, or one phrase in double quotes; AND, OR and NOT are not served.',
  )
}

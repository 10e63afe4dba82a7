import { isStorable } from '../model/storable-text.ts'

/** Long enough for any page or picture of a store. */
const longestUrl = 2_048

/** An absolute address of the web as it was given; null for anything else, such as a script in place of one. */
export function webUrl(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > longestUrl || !isStorable(value)) return null
  const url = URL.parse(value)
  const isWeb = url !== null && (url.protocol === 'https:' || url.protocol === 'http:')
  return isWeb && url.username === '' && url.password === '' ? value : null
}

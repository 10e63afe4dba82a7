/** From bytes to a JSON value, bounded: the one place where a request body becomes data (graph 7.6, D19, H9). */
import { Failure } from '../failure.ts'

/** Deeper nesting is refused before it is parsed (graph D19). */
const maxDepth = 32

const unreadable =
  'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.'

/** Failure `unreadablePayload` for bytes that are not UTF-8, not JSON, or nested deeper than 32. */
export function parseJsonText(bytes: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (depthOf(text) > maxDepth) throw new SyntaxError('nested too deep')
    return JSON.parse(text)
  } catch {
    // The parser's own message quotes the body, which may hold a content token.
    throw new Failure('unreadablePayload', unreadable)
  }
}

/** Nesting of objects and arrays, read off the text so that a bomb is never built. */
function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  let isInText = false
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (isInText) {
      if (character === 0x5c) at++
      else if (character === 0x22) isInText = false
    } else if (character === 0x22) isInText = true
    else if (character === 0x7b || character === 0x5b) deepest = Math.max(deepest, ++depth)
    else if (character === 0x7d || character === 0x5d) depth--
  }
  return deepest
}

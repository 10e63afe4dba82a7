/** Where a picture of 512 × 512 lies, out of the two ways in which the lookup tells it (Apple 8, 9.2). */
import { isJsonObject, type JsonObject } from './json.ts'
import { webUrl } from './web-url.ts'

const side = 512

/** Takes one address with places for the size, or a list of addresses with their sizes. Null = none. */
export function artworkUrl(artwork: unknown): string | null {
  const pictures = (Array.isArray(artwork) ? artwork : [artwork]).filter(isJsonObject)
  const [best] = pictures.sort((left, right) => badness(left) - badness(right))
  return best === undefined ? null : webUrl(filledIn(best.url))
}

/** The smallest that is large enough, else the largest. */
function badness({ width }: JsonObject): number {
  const wide = typeof width === 'number' ? width : 0
  return wide >= side ? wide - side : 1e9 - wide
}

function filledIn(template: unknown): unknown {
  if (typeof template !== 'string') return template
  return template
    .replaceAll('{w}', String(side))
    .replaceAll('{h}', String(side))
    .replaceAll('{c}', 'bb')
    .replaceAll('{f}', 'png')
}

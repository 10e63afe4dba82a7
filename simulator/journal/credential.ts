import { bearerText } from '../data-plane/bearer.ts'
import type { DataCall } from '../data-plane/call.ts'
import { itvtOf } from '../data-plane/cookie.ts'
import type { IssuedToken } from '../tokens/token-state.ts'
import type { Credential } from './entry.ts'

/** The API wants the token as bearer; the lookup, and whatever else is no API, may get it as a cookie (Apple contract 8). */
export function credentialHeader({ path, headers }: DataCall): string | undefined {
  if (path.startsWith('/mdm/')) return headers.authorization
  const itvt = itvtOf(headers.cookie)
  return itvt === undefined ? undefined : `Bearer ${itvt}`
}

/** Tells a token sent byte for byte from one that somebody decoded and wrapped anew (Apple contract 1.1, C1). */
export function credentialOf(
  header: string | undefined,
  tokens: readonly IssuedToken[],
): Credential {
  if (header === undefined) return 'none'
  const bearer = bearerText(header)
  if (bearer === undefined) return isReencoded(header, tokens) ? 'reencoded' : 'malformed'
  if (tokens.some((token) => token.outer === bearer)) return 'verbatim'
  return isReencoded(bearer, tokens) ? 'reencoded' : 'foreign'
}

function isReencoded(text: string, tokens: readonly IssuedToken[]): boolean {
  const decoded = Buffer.from(text, 'base64').toString('utf8')
  return tokens.some((token) => text.includes(token.inner) || decoded.includes(token.inner))
}

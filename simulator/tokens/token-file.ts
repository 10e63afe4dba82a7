import { createHash } from 'node:crypto'
import { appleDateTime } from '../world/clock.ts'

/** Apple has printed both layouts; they stand for different credentials (Apple contract 1.1, 1.4). */
export const tokenLayouts = ['compact', 'indented'] as const
export type TokenLayout = (typeof tokenLayouts)[number]

export interface TokenFileContent {
  token: string
  expiresAtMs: number
  orgName: string
}

/** The text of a `.vpptoken` file: it is the credential, byte for byte. */
export function tokenFileText(content: TokenFileContent, layout: TokenLayout): string {
  const json =
    layout === 'compact'
      ? JSON.stringify({
          token: content.token,
          expDate: appleDateTime(content.expiresAtMs),
          orgName: content.orgName,
        })
      : JSON.stringify(
          {
            expDate: pacificDateTime(content.expiresAtMs),
            orgName: content.orgName,
            token: content.token,
          },
          null,
          4,
        )
  return Buffer.from(json, 'utf8').toString('base64')
}

/** First eight hex digits of the SHA-256 of the outer text: all of a token that is ever journalled. */
export function fingerprintOf(outer: string): string {
  return createHash('sha256').update(outer, 'utf8').digest('hex').slice(0, 8)
}

const sevenHoursMs = 7 * 60 * 60 * 1000

// Apple's old sample counts from Cupertino; a reader that assumes UTC is seven hours wrong (Apple contract 1.1).
function pacificDateTime(ms: number): string {
  return appleDateTime(ms - sevenHoursMs).replace('+0000', '-0700')
}

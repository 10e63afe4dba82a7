import type { Switches } from '../world/switches.ts'

export const tokenRights = ['full', 'read-only'] as const
export type TokenRights = (typeof tokenRights)[number]

/** What Apple's side holds against a token, apart from its date (Apple contract 1.3, 11.5). */
export type TokenStanding = 'valid' | 'expired' | 'revoked' | 'unknown' | 'legacy' | 'deadAccount'

/** What a manager that has claimed nothing will see, in the words of Apple contract 9.4. */
export interface TokenPromise {
  state: 'valid' | 'expired' | 'invalid' | 'assignedToExternalMDM' | 'duplicateLocationId'
  reason:
    | 'expired'
    | 'revokedByApple'
    | 'rejectedByApple'
    | 'loginRequired'
    | 'legacyToken'
    | 'unclaimed'
    | 'heldByOtherMdm'
    | 'duplicateLocation'
}

export interface IssuedToken {
  tokenId: string
  uId: string
  account: string
  displayName: string
  /** The content of the `.vpptoken` file: the credential. */
  outer: string
  /** The `token` member inside it, which is no credential (Apple contract 1.1). */
  inner: string
  fingerprint: string
  expiresAtMs: number
  standing: TokenStanding
  rights: TokenRights
  /** Flipped by subscriptions/enable and /disable (Apple contract 2.9). */
  managesSubscriptions?: boolean
  /** Holds while nothing is wrong with the token itself. */
  promise: TokenPromise
}

export function tokenStanding(token: IssuedToken, nowMs: number): TokenStanding {
  return token.standing === 'valid' && token.expiresAtMs <= nowMs ? 'expired' : token.standing
}

/** Stage 5 of the order of checks (Apple contract 11.2): undefined when the token is good. */
export function tokenError(
  token: IssuedToken | undefined,
  nowMs: number,
  switches: Switches,
): number | undefined {
  switch (token && tokenStanding(token, nowMs)) {
    case 'valid':
      return undefined
    case 'revoked':
      return 9625
    case 'expired':
      return 9621
    case 'legacy':
      return 9647
    case 'deadAccount':
      return switches.deadAccountError
    default:
      return 9622
  }
}

const promiseOfError: Record<number, TokenPromise> = {
  9621: { state: 'expired', reason: 'expired' },
  9625: { state: 'invalid', reason: 'revokedByApple' },
  9622: { state: 'invalid', reason: 'rejectedByApple' },
  9601: { state: 'invalid', reason: 'loginRequired' },
  9647: { state: 'invalid', reason: 'legacyToken' },
}

export function promiseOf(token: IssuedToken, nowMs: number, switches: Switches): TokenPromise {
  const error = tokenError(token, nowMs, switches)
  return (error === undefined ? undefined : promiseOfError[error]) ?? token.promise
}

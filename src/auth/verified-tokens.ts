/** Access tokens that were verified already, until they expire: a signature costs about fifty times a look here. */
import { hash } from 'node:crypto'
import type { Caller } from '../ports/authenticator.ts'
import type { VerifiedToken } from './access-token-claims.ts'

export interface VerifiedTokens {
  /** Undefined when never seen, thrown out or expired. */
  find(token: string, nowMs: number): Caller | undefined
  put(token: string, verified: VerifiedToken): void
}

/** Holds at most `size` tokens, by their SHA-256 only; the one that was not asked for the longest goes first. */
export function verifiedTokens(size: number): VerifiedTokens {
  // A Map keeps the order of insertion: what is asked for moves to the end, what is thrown out stands at the start.
  const byHash = new Map<string, VerifiedToken>()
  return {
    find(token, nowMs) {
      const key = hash('sha256', token, 'base64url')
      const known = byHash.get(key)
      if (!known) return undefined
      byHash.delete(key)
      if (known.expiresAtMs <= nowMs) return undefined
      byHash.set(key, known)
      return known.caller
    },
    put(token, verified) {
      byHash.set(hash('sha256', token, 'base64url'), verified)
      if (byHash.size <= size) return
      const [oldest] = byHash.keys()
      if (oldest !== undefined) byHash.delete(oldest)
    },
  }
}

/**
 * Access tokens that were verified already, until they expire: a signature costs about fifty times a look here. None counts
 * for longer than a few minutes without being verified again, so that a key which its issuer withdrew is out by then.
 */
import { hash } from 'node:crypto'
import type { Caller } from '../ports/authenticator.ts'
import type { VerifiedToken } from './access-token-claims.ts'

export interface VerifiedTokens {
  /** Undefined when never seen, thrown out, expired or to be verified again. */
  find(token: string, nowMs: number): Caller | undefined
  put(token: string, verified: VerifiedToken, nowMs: number): void
}

interface Known {
  readonly caller: Caller
  readonly untilMs: number
}

/** A signature each five minutes and token costs nothing; a withdrawn key that goes on for longer might. */
const longestMs = 5 * 60_000

/** Holds at most `size` tokens, by their SHA-256 only; the one that was not asked for the longest goes first. */
export function verifiedTokens(size: number): VerifiedTokens {
  // A Map keeps the order of insertion: what is asked for moves to the end, what is thrown out stands at the start.
  const byHash = new Map<string, Known>()
  return {
    find(token, nowMs) {
      const key = hash('sha256', token, 'base64url')
      const known = byHash.get(key)
      if (!known) return undefined
      byHash.delete(key)
      if (known.untilMs <= nowMs) return undefined
      byHash.set(key, known)
      return known.caller
    },
    put(token, { caller, expiresAtMs }, nowMs) {
      const untilMs = Math.min(expiresAtMs, nowMs + longestMs)
      byHash.set(hash('sha256', token, 'base64url'), { caller, untilMs })
      if (byHash.size <= size) return
      const [oldest] = byHash.keys()
      if (oldest !== undefined) byHash.delete(oldest)
    },
  }
}

/**
 * Slows down guessing without letting a guesser shut anybody else out: failures count for a client *at one address* and for
 * the address as a whole, never for the client alone. Guessing one client from many addresses is left to the 256 bits of
 * its secret. While a pair or an address waits, its right secret is refused too, or waiting would stop no guess.
 */
import type { Clock } from '../model/clock.ts'
import { isGuid, type TenantId } from '../model/ids.ts'
import { failedAttempts } from './failed-attempts.ts'
import { networkOf } from './network-of.ts'

export interface SignIn {
  readonly tenantId: TenantId
  /** As the caller wrote it. */
  readonly clientId: string
  readonly remoteAddress: string
}

export interface SignInLimiter {
  /** Milliseconds until such a sign-in may be tried again; 0 = now. */
  waitMs(signIn: SignIn): number
  addFailure(signIn: SignIn): void
  /** Forgets the failures of this client at this address; the address keeps its own count. */
  addSuccess(signIn: SignIn): void
}

const windowMs = 5 * 60_000
const failuresOfClientAtAddress = 10
/** Higher, because one address may stand for many applications: one of them with a stale secret must not stop the rest. */
const failuresOfAddress = 50
const rememberedNames = 10_000

export function signInLimiter(clock: Clock): SignInLimiter {
  const pairs = failedAttempts({
    limit: failuresOfClientAtAddress,
    windowMs,
    size: rememberedNames,
  })
  const addresses = failedAttempts({ limit: failuresOfAddress, windowMs, size: rememberedNames })
  const nowMs = () => clock.now().getTime()
  return {
    waitMs(signIn) {
      return Math.max(
        pairs.waitMs(pairOf(signIn), nowMs()),
        addresses.waitMs(networkOf(signIn.remoteAddress), nowMs()),
      )
    },
    addFailure(signIn) {
      pairs.add(pairOf(signIn), nowMs())
      addresses.add(networkOf(signIn.remoteAddress), nowMs())
    },
    addSuccess(signIn) {
      pairs.forget(pairOf(signIn))
    },
  }
}

/** What cannot be a client's id shares one name, so that junk of any length costs one entry. */
function pairOf({ tenantId, clientId, remoteAddress }: SignIn): string {
  const client = isGuid(clientId) ? clientId.toLowerCase() : 'junk'
  return `${tenantId} ${client} ${networkOf(remoteAddress)}`
}

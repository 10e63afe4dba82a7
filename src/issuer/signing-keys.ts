/**
 * The keys of the embedded issuer. Of all that are not retired the newest signs; retired ones only verify until their time is
 * over. Every node looks at the stored keys again every few minutes and when it meets a key it does not know.
 */
import type { CryptoKey, JSONWebKeySet, JWTPayload } from 'jose'
import { SignJWT } from 'jose/jwt/sign'
import { instantOf, instantPlus } from '../model/date-time-offset.ts'
import type { InstanceStores, SigningKey } from '../ports/instance-store.ts'
import { accessTokenLifetimeMs } from './access-token.ts'
import { currentOf, isSameRing, type KeyRooms, readKeyRing } from './key-ring.ts'
import { newSigningKey, placeOf, signingAlgorithm } from './signing-key.ts'

export interface SigningKeys {
  /** A compact JWT with these claims, signed with the current key. */
  sign(claims: JWTPayload): Promise<string>
  /** Every key that still verifies, to be published. */
  publicKeys(): Promise<JSONWebKeySet>
  /** The public key that a token's header names; undefined when no such key verifies now. */
  keyFor(header: { readonly kid?: string }): Promise<CryptoKey | undefined>
  /** Reads the stored keys again. */
  reload(): Promise<void>
  /** Makes a new key that signs from now on; the old one verifies until everything it signed has expired. */
  rotate(actor: string): Promise<void>
}

const reloadAfterMs = 5 * 60_000
/** Junk key ids must not make a query each. */
const reloadForUnknownKeyAfterMs = 1_000
/** The last token it signs, also on a node that has not noticed yet, and a minute for clocks that differ. */
const verifiesAfterRetirementMs = accessTokenLifetimeMs + reloadAfterMs + 60_000

/**
 * Makes the first key when there is none yet. `onChange` is told when a reading brought other keys than before, or another
 * end of one: what was verified with the old ones must be verified again. Failure `misconfigured` when the private half of
 * the current key is not there or cannot be opened.
 */
export async function loadSigningKeys(
  rooms: KeyRooms,
  onChange: () => void = () => undefined,
): Promise<SigningKeys> {
  const { storage, clock } = rooms
  const nowMs = () => clock.now().getTime()
  await makeFirstKey(rooms)
  let ring = await readKeyRing(rooms)
  let reading: Promise<void> | undefined

  const reload = () => {
    reading ??= readKeyRing(rooms, ring)
      .then((fresh) => {
        const isChanged = !isSameRing(ring, fresh)
        ring = fresh
        if (isChanged) onChange()
      })
      .finally(() => {
        reading = undefined
      })
    return reading
  }
  const reloadWhenOlderThan = async (ageMs: number) => {
    if (nowMs() - ring.readAtMs >= ageMs) await reload()
  }
  const verifies = (retiredAt: string | null) =>
    retiredAt === null || retiredAt > instantOf(clock.now())

  return {
    async sign(claims) {
      await reloadWhenOlderThan(reloadAfterMs)
      const { id, key } = ring.signer
      return new SignJWT(claims)
        .setProtectedHeader({ alg: signingAlgorithm, typ: 'JWT', kid: id })
        .sign(key)
    },
    async publicKeys() {
      await reloadWhenOlderThan(reloadAfterMs)
      const shown = [...ring.verifying.values()].filter(({ retiredAt }) => verifies(retiredAt))
      return { keys: shown.map(({ jwk }) => jwk) }
    },
    async keyFor({ kid = '' }) {
      const isKnown = ring.verifying.has(kid)
      await reloadWhenOlderThan(isKnown ? reloadAfterMs : reloadForUnknownKeyAfterMs)
      const found = ring.verifying.get(kid)
      return found && verifies(found.retiredAt) ? found.key : undefined
    },
    reload,
    async rotate(actor) {
      const retirement = instantPlus(instantOf(clock.now()), verifiesAfterRetirementMs)
      const { key, insert } = await preparedKey(rooms)
      const auditId = rooms.newId()
      await storage.instance.transaction(async (stores) => {
        for (const old of await stores.signingKeys.list()) {
          if (old.retiredAt !== null) continue
          await stores.signingKeys.update({ ...old, retiredAt: retirement })
          await stores.secrets.remove(placeOf(old.id))
        }
        await insert(stores)
        await stores.auditOf('').insert({
          id: auditId,
          at: key.createdAt,
          actor,
          action: 'key.rotated',
          subject: key.id,
          details: { algorithm: key.algorithm },
        })
      })
      // A reload under way may have read the old keys.
      await reading?.catch(() => undefined)
      await reload()
    },
  }
}

/** Two nodes may both find no key; the transaction lets only the first of them keep its own. */
async function makeFirstKey(rooms: KeyRooms): Promise<void> {
  const { instance } = rooms.storage
  if (currentOf(await instance.reads.signingKeys.list())) return
  const { insert } = await preparedKey(rooms)
  await instance.transaction(async (stores) => {
    if (!currentOf(await stores.signingKeys.list())) await insert(stores)
  })
}

/** Generated and sealed beforehand: inside the transaction only its stores may be waited for. */
async function preparedKey({ secretBox, clock, newId }: KeyRooms): Promise<{
  readonly key: SigningKey
  insert(stores: InstanceStores): Promise<void>
}> {
  const id = newId()
  const { publicJwk, sealedPrivateJwk } = await newSigningKey(id, secretBox)
  const createdAt = instantOf(clock.now())
  const key = { id, algorithm: signingAlgorithm, publicJwk, createdAt, retiredAt: null }
  return {
    key,
    async insert(stores) {
      await stores.signingKeys.insert(key)
      await stores.secrets.put(placeOf(id), sealedPrivateJwk)
    },
  }
}

/** Keeps sealed secrets, one per place. Reached inside the tenant's (or the instance's) own transaction. */
import type { SealedSecret, SecretPlace } from './secret-box.ts'

export interface SecretStore {
  /** Inserts or replaces. */
  put(place: SecretPlace, sealed: SealedSecret): Promise<void>
  find(place: SecretPlace): Promise<SealedSecret | undefined>
  /** Nothing happens when there is none. */
  remove(place: SecretPlace): Promise<void>
}

/** A sealed secret, and where it belongs. */
export interface PlacedSecret {
  readonly place: SecretPlace
  readonly sealed: SealedSecret
}

/** All sealed secrets, over all tenants and the instance: what a change of keys works on. It opens none of them. */
export interface SealedReads {
  /** How many secrets each key seals, in the order of key ids; keys that seal nothing are left out. */
  countByKey(): Promise<readonly { readonly keyId: string; readonly count: number }[]>
  /** Secrets sealed with any other key than this one, in the order of their places, at most `limit`; absent `after` = from the start. */
  listSealedByOthers(
    keyId: string,
    limit: number,
    after?: SecretPlace,
  ): Promise<readonly PlacedSecret[]>
}

export interface SealedStore {
  /** Puts `fresh` in the place of `old`; false, and nothing happens, when something else is there by now, or nothing. */
  replace(place: SecretPlace, old: SealedSecret, fresh: SealedSecret): Promise<boolean>
}

/** What the instance may know of all tenants' secrets: by which keys they are sealed. */
export interface SealedSecretReads extends Pick<SecretStore, 'find'> {
  /** Ids of the keys by which anything stored is sealed, in the order of ids; empty when nothing is sealed. */
  listKeyIds(): Promise<readonly string[]>
}

/** Keeps sealed secrets, one per place. Reached inside the tenant's (or the instance's) own transaction. */
import type { SealedSecret, SecretPlace } from './secret-box.ts'

export interface SecretStore {
  /** Inserts or replaces. */
  put(place: SecretPlace, sealed: SealedSecret): Promise<void>
  find(place: SecretPlace): Promise<SealedSecret | undefined>
  /** Nothing happens when there is none. */
  remove(place: SecretPlace): Promise<void>
}

/** What the instance may know of all tenants' secrets: by which keys they are sealed. */
export interface SealedSecretReads extends Pick<SecretStore, 'find'> {
  /** Ids of the keys by which anything stored is sealed, in the order of ids; empty when nothing is sealed. */
  listKeyIds(): Promise<readonly string[]>
}

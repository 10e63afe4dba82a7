/** Keeps sealed secrets, one per place. Reached inside the tenant's (or the instance's) own transaction. */
import type { SealedSecret, SecretPlace } from './secret-box.ts'

export interface SecretStore {
  /** Inserts or replaces. */
  put(place: SecretPlace, sealed: SealedSecret): Promise<void>
  find(place: SecretPlace): Promise<SealedSecret | undefined>
  /** Nothing happens when there is none. */
  remove(place: SecretPlace): Promise<void>
}

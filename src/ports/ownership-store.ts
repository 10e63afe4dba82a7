/** Who manages the tenant's locations (model/ownership.ts). It outlives the tokens: a location keeps its id over renewals. */
import type { Ownership } from '../model/ownership.ts'

export interface OwnershipReads {
  /** Undefined = never claimed, so only observed. */
  find(locationId: string): Promise<Ownership | undefined>
}

export interface OwnershipStore extends OwnershipReads {
  /** Inserts or replaces. */
  put(ownership: Ownership): Promise<void>
}

/** Seals secrets before they reach a store: authenticated encryption, bound to the place where the secret belongs. */

/** Where a secret belongs. A box opened under another place does not open. */
export interface SecretPlace {
  /** Empty for secrets of the instance itself. */
  readonly tenantId: string
  readonly recordId: string
  readonly property: 'token' | 'pendingToken' | 'signingKey' | 'caKey' | 'leafKey' | 'keyCheck'
}

export interface SealedSecret {
  /** Which key sealed it, so that keys can be changed while rows remain. */
  readonly keyId: string
  readonly box: Uint8Array
}

export interface SecretBox {
  seal(place: SecretPlace, secret: string): SealedSecret
  /** Failure `misconfigured` when the key is not at hand, or the box was made for another place or altered. */
  open(place: SecretPlace, sealed: SealedSecret): string
  /** Keyed hash of a secret, hex: answers "the same?" without keeping it. Independent of key rotation. */
  hash(secret: string): string
}

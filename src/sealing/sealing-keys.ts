/** The keys of one instance as they lie in its key file. Whoever has them can open every sealed secret. */
export interface SealingKey {
  /** Short text that is stored beside what the key sealed; not secret. */
  readonly id: string
  /** 32 bytes. */
  readonly secret: Uint8Array
}

export interface SealingKeys {
  /** All keys that may have sealed something; older ones stay until everything is sealed anew. */
  readonly keys: readonly SealingKey[]
  /** Id of the key that seals from now on. */
  readonly current: string
  /**
   * 32 bytes under the keyed hashes. Kept beside the keys and never changed with them: stored hashes could not be made again,
   * since the secrets' hashes are compared without opening the secrets.
   */
  readonly hashSecret: Uint8Array
}

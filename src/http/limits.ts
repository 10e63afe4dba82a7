/** How long and how large a request may be before it reaches anybody: what keeps slow and huge ones from holding the door. */
export interface Limits {
  /** For the headers to arrive; beyond it 408, and the connection is closed. */
  readonly headersTimeoutMs: number
  /** For the whole request to arrive, its body included. */
  readonly requestTimeoutMs: number
  /** Between the looks at both of them. */
  readonly checkEachMs: number
  /** An idle connection is kept for longer than common proxies keep theirs, so that it is they who end it. */
  readonly keepAliveTimeoutMs: number
  readonly handshakeTimeoutMs: number
  /** Request line and headers together. Access tokens with many roles are long. */
  readonly headerBytes: number
  /** Requests that are still running this long after the closing began are cut. */
  readonly drainMs: number
}

export const usualLimits: Limits = {
  headersTimeoutMs: 20_000,
  requestTimeoutMs: 60_000,
  checkEachMs: 2_000,
  keepAliveTimeoutMs: 65_000,
  handshakeTimeoutMs: 20_000,
  headerBytes: 32 * 1_024,
  drainMs: 30_000,
}

/** Why an issuer's keys cannot be had. Stays inside this room: a request meets it as a Failure `unavailable`. */
const reasons = {
  silent: 'it does not answer',
  redirect: 'it answers with a redirect, which is not followed',
  refusing: 'it answers with an error',
  unreadable: 'what it answers is not the JSON document that was asked for',
  otherIssuer: 'its discovery document names another issuer than its URL',
  insecure: 'its discovery document sends to an address without HTTPS',
} as const

export type IssuerTroubleKind = keyof typeof reasons

export class IssuerTrouble extends Error {
  readonly kind: IssuerTroubleKind

  constructor(kind: IssuerTroubleKind, cause?: unknown) {
    super(reasons[kind], { cause })
    this.name = 'IssuerTrouble'
    this.kind = kind
  }
}

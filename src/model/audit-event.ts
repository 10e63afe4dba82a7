/** What is kept of every change of a credential, a token or a tenant, in the same transaction as the change. */
import type { Instant } from './date-time-offset.ts'

export type AuditAction =
  | 'tenant.added'
  | 'tenant.suspended'
  | 'tenant.resumed'
  | 'tenant.removed'
  | 'client.added'
  | 'client.rotated'
  | 'client.removed'
  | 'token.added'
  | 'token.updated'
  | 'token.renewed'
  | 'token.renewalDropped'
  | 'token.syncRequested'
  | 'token.countsRequested'
  | 'token.stateChanged'
  | 'token.claimRequested'
  | 'token.claimed'
  | 'token.releaseRequested'
  | 'token.ownershipChanged'
  | 'token.removed'
  | 'licenses.requested'
  | 'licenses.ended'
  | 'key.rotated'

export interface AuditEvent {
  readonly id: string
  readonly at: Instant
  /** Who did it: a client's id, `operator` for the command line, `pomona` for the service itself. */
  readonly actor: string
  readonly action: AuditAction
  /** Id of the token, client or tenant that changed. */
  readonly subject: string
  /** Facts worth keeping, by name; never a secret. */
  readonly details: Readonly<Record<string, string | number | boolean | null | readonly string[]>>
}

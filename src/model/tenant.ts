/** An organization whose tokens are kept apart from everybody else's, and the applications that may act in it. */
import type { Instant } from './date-time-offset.ts'
import type { ClientId, TenantId } from './ids.ts'

export interface Tenant {
  readonly id: TenantId
  readonly name: string
  readonly status: 'active' | 'suspended'
  readonly createdAt: Instant
}

/** An application of a tenant (a service principal) at the embedded issuer. */
export interface Client {
  readonly id: ClientId
  readonly tenantId: TenantId
  readonly name: string
  /** Graph permissions by their full names. */
  readonly roles: readonly string[]
  /** SHA-256 of the generated secret, hex. The secret itself is shown once and kept nowhere. */
  readonly secretHash: string
  readonly createdAt: Instant
}

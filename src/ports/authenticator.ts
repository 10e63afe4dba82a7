/** Who calls. Verifies only; whether the caller may do something is decided elsewhere. */
import type { ClientId, TenantId } from '../model/ids.ts'

export interface Caller {
  readonly tenantId: TenantId
  readonly clientId: ClientId
  /** Graph permissions by their full names, from `roles` or `scp`. */
  readonly permissions: ReadonlySet<string>
  /** True when the embedded issuer made the access token: its client is looked up for each request. */
  readonly isOurs: boolean
}

export interface Authenticator {
  /** Failure `accessToken…` saying what is wrong with the token; the header value as received, absent = no header. */
  authenticate(authorization: string | undefined): Promise<Caller>
}

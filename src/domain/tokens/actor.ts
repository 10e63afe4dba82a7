import type { TenantId } from '../../model/ids.ts'

/** On whose behalf something is done: the tenant whose data it is, and who shall stand in the audit. */
export interface Actor {
  readonly tenantId: TenantId
  /** A client's id, `operator` for the command line, `pomona` for the service itself. */
  readonly name: string
}

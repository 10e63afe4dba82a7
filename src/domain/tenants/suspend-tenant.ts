import type { TenantId } from '../../model/ids.ts'
import type { TenantDeps } from './add-tenant.ts'
import { type StatusChange, setTenantStatus } from './tenant-status.ts'

/** From now on every request of the tenant is refused (graph D9); what it has stored stays. Failure `notFound` when absent. */
export function suspendTenant(deps: TenantDeps, id: TenantId): Promise<StatusChange> {
  return setTenantStatus(deps, id, 'suspended', 'tenant.suspended')
}

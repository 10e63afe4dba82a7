import type { TenantId } from '../../model/ids.ts'
import type { TenantDeps } from './add-tenant.ts'
import { type StatusChange, setTenantStatus } from './tenant-status.ts'

/** Ends a suspension. Failure `notFound` when absent. */
export function resumeTenant(deps: TenantDeps, id: TenantId): Promise<StatusChange> {
  return setTenantStatus(deps, id, 'active', 'tenant.resumed')
}

/** A tenant's status changes with its audit event in the same transaction, or not at all. */
import type { AuditAction } from '../../model/audit-event.ts'
import { instantOf } from '../../model/date-time-offset.ts'
import { Failure } from '../../model/failure.ts'
import type { TenantId } from '../../model/ids.ts'
import type { Tenant } from '../../model/tenant.ts'
import type { TenantDeps } from './add-tenant.ts'

export interface StatusChange {
  readonly tenant: Tenant
  /** False when it had that status already: then nothing was written. */
  readonly isChanged: boolean
}

/** Failure `notFound` when the tenant is not registered. */
export async function setTenantStatus(
  { storage, clock, newId }: TenantDeps,
  id: TenantId,
  status: Tenant['status'],
  action: AuditAction,
): Promise<StatusChange> {
  const tenantId = id.toLowerCase()
  return storage.instance.transaction(async (stores) => {
    const found = await stores.tenants.find(tenantId)
    if (!found) throw absentTenant(tenantId)
    if (found.status === status) return { tenant: found, isChanged: false }
    const tenant: Tenant = { ...found, status }
    await stores.tenants.update(tenant)
    await stores.auditOf(tenantId).insert({
      id: newId(),
      at: instantOf(clock.now()),
      actor: 'operator',
      action,
      subject: tenantId,
      details: { name: tenant.name },
    })
    return { tenant, isChanged: true }
  })
}

export function absentTenant(id: TenantId): Failure {
  return new Failure(
    'notFound',
    `The tenant '${id}' is not registered. See those that are: pomona tenant list.`,
  )
}

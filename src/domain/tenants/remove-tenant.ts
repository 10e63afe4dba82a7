/** Removes a tenant with its clients and tokens; its audit stays, and this event is the last one in it. */
import { instantOf } from '../../model/date-time-offset.ts'
import type { TenantId } from '../../model/ids.ts'
import type { Tenant } from '../../model/tenant.ts'
import type { TenantDeps } from './add-tenant.ts'
import { absentTenant } from './tenant-status.ts'

/** Answers the tenant that was. Failure `notFound` when absent; then nothing has changed. */
export async function removeTenant(
  { storage, clock, newId }: TenantDeps,
  id: TenantId,
): Promise<Tenant> {
  const tenantId = id.toLowerCase()
  return storage.instance.transaction(async (stores) => {
    const tenant = await stores.tenants.find(tenantId)
    if (!tenant) throw absentTenant(tenantId)
    const clients = await stores.clients.list(tenantId)
    await stores.tenants.remove(tenantId)
    await stores.auditOf(tenantId).insert({
      id: newId(),
      at: instantOf(clock.now()),
      actor: 'operator',
      action: 'tenant.removed',
      subject: tenantId,
      details: { name: tenant.name, clients: clients.map((client) => client.id) },
    })
    return tenant
  })
}

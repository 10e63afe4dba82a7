/** Registers an organization, with its audit event in the same transaction (graph D9). */
import type { Clock } from '../../model/clock.ts'
import { instantOf } from '../../model/date-time-offset.ts'
import { Failure } from '../../model/failure.ts'
import { isGuid, type NewId } from '../../model/ids.ts'
import type { Tenant } from '../../model/tenant.ts'
import type { Storage } from '../../ports/storage.ts'

export interface TenantDeps {
  readonly storage: Storage
  readonly clock: Clock
  readonly newId: NewId
}

/** Failure `misconfigured` for an id that is no GUID or an empty name, `conflict` when the id is registered already. */
export async function addTenant(
  { storage, clock, newId }: TenantDeps,
  given: { readonly id: string; readonly name: string },
): Promise<Tenant> {
  if (!isGuid(given.id))
    throw new Failure(
      'misconfigured',
      `The tenant id '${given.id}' is not a GUID. Give the organization's tenant id, such as 3f2a7c1e-0d4b-4a55-9c1e-7b2f00c0ffee.`,
      { property: 'id' },
    )
  if (given.name.trim() === '')
    throw new Failure('misconfigured', 'The tenant has no name. Give one with --name.', {
      property: 'name',
    })
  const at = instantOf(clock.now())
  const tenant: Tenant = {
    id: given.id.toLowerCase(),
    name: given.name.trim(),
    status: 'active',
    createdAt: at,
  }
  await storage.instance.transaction(async (stores) => {
    if (await stores.tenants.find(tenant.id))
      throw new Failure(
        'conflict',
        `The tenant '${tenant.id}' is registered already. Nothing was changed.`,
      )
    await stores.tenants.insert(tenant)
    await stores.auditOf(tenant.id).insert({
      id: newId(),
      at,
      actor: 'operator',
      action: 'tenant.added',
      subject: tenant.id,
      details: { name: tenant.name },
    })
  })
  return tenant
}

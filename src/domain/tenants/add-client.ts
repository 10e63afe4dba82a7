/** Registers an application of a tenant at the embedded issuer, with its audit event in the same transaction. */
import { instantOf } from '../../model/date-time-offset.ts'
import { Failure } from '../../model/failure.ts'
import type { Client } from '../../model/tenant.ts'
import type { TenantDeps } from './add-tenant.ts'

/** Failure `notFound` when the tenant is not registered. */
export async function addClient(
  { storage, clock, newId }: TenantDeps,
  given: Pick<Client, 'tenantId' | 'name' | 'roles' | 'secretHash'>,
): Promise<Client> {
  const at = instantOf(clock.now())
  const client: Client = {
    ...given,
    tenantId: given.tenantId.toLowerCase(),
    id: newId(),
    createdAt: at,
  }
  await storage.instance.transaction(async (stores) => {
    if (!(await stores.tenants.find(client.tenantId)))
      throw new Failure(
        'notFound',
        `The tenant '${client.tenantId}' is not registered. Add it first: pomona tenant add --id ${client.tenantId} --name NAME.`,
      )
    await stores.clients.insert(client)
    await stores.auditOf(client.tenantId).insert({
      id: newId(),
      at,
      actor: 'operator',
      action: 'client.added',
      subject: client.id,
      details: { name: client.name, roles: client.roles },
    })
  })
  return client
}

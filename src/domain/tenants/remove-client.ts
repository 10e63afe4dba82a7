/** Takes an application's access away: it is out at its next request, whatever access token it holds. */
import { instantOf } from '../../model/date-time-offset.ts'
import { Failure } from '../../model/failure.ts'
import type { ClientId, TenantId } from '../../model/ids.ts'
import type { Client } from '../../model/tenant.ts'
import type { TenantDeps } from './add-tenant.ts'

/** Answers the client that was. Failure `notFound` when the tenant has no such client; then nothing has changed. */
export async function removeClient(
  { storage, clock, newId }: TenantDeps,
  given: Pick<Client, 'tenantId' | 'id'>,
): Promise<Client> {
  const [tenantId, id] = [given.tenantId.toLowerCase(), given.id.toLowerCase()]
  return storage.instance.transaction(async (stores) => {
    const client = await stores.clients.find(tenantId, id)
    if (!client) throw absentClient(tenantId, id)
    await stores.clients.remove(tenantId, id)
    await stores.auditOf(tenantId).insert({
      id: newId(),
      at: instantOf(clock.now()),
      actor: 'operator',
      action: 'client.removed',
      subject: id,
      details: { name: client.name },
    })
    return client
  })
}

export function absentClient(tenantId: TenantId, id: ClientId): Failure {
  return new Failure(
    'notFound',
    `The tenant '${tenantId}' has no client '${id}'. See those it has: pomona client list --tenant ${tenantId}.`,
  )
}

/** Gives a client another secret: the old one is refused from this moment on. */
import { instantOf } from '../../model/date-time-offset.ts'
import type { Client } from '../../model/tenant.ts'
import type { TenantDeps } from './add-tenant.ts'
import { absentClient } from './remove-client.ts'

/** Failure `notFound` when the tenant has no such client; then nothing has changed. */
export async function rotateClient(
  { storage, clock, newId }: TenantDeps,
  given: Pick<Client, 'tenantId' | 'id' | 'secretHash'>,
): Promise<Client> {
  const [tenantId, id] = [given.tenantId.toLowerCase(), given.id.toLowerCase()]
  return storage.instance.transaction(async (stores) => {
    const found = await stores.clients.find(tenantId, id)
    if (!found) throw absentClient(tenantId, id)
    const client: Client = { ...found, secretHash: given.secretHash }
    await stores.clients.update(client)
    await stores.auditOf(tenantId).insert({
      id: newId(),
      at: instantOf(clock.now()),
      actor: 'operator',
      action: 'client.rotated',
      subject: id,
      details: { name: client.name },
    })
    return client
  })
}

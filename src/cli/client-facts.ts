/** A client as programs get it; its secret is not among these. */
import type { Client } from '../model/tenant.ts'

export function clientIds({ tenantId, id }: Client) {
  return { tenantId, clientId: id }
}

export function clientFacts(client: Client) {
  const { name, roles, createdAt } = client
  return { ...clientIds(client), name, roles, createdDateTime: createdAt }
}

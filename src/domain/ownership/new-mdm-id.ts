import { randomUUID } from 'node:crypto'

/** The id of a tenant's server at one location: random through and through, since others see it (Apple 7). */
export function newMdmId(): string {
  return randomUUID()
}

/** The audit of one tenant: written in the transaction of the change it tells of, never changed. */
import type { AuditEvent } from '../model/audit-event.ts'
import type { Page, PageRequest } from '../model/list-query.ts'

export interface AuditReads {
  /** Newest first. */
  list(query: PageRequest): Promise<Page<AuditEvent>>
}

export interface AuditStore extends AuditReads {
  /** A failure here fails the change it belongs to. */
  insert(event: AuditEvent): Promise<void>
}

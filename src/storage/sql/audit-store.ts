import type { AuditEvent } from '../../model/audit-event.ts'
import type { TenantId } from '../../model/ids.ts'
import type { AuditReads, AuditStore } from '../../ports/audit-store.ts'
import type { SqlConnection } from './connection.ts'
import { instantAndId, readInstantAndId } from './instant-and-id.ts'
import { rowCodec } from './row-codec.ts'
import { pageOf, placeholders } from './statement-text.ts'

const codec = rowCodec<AuditEvent>({
  id: 'text',
  at: 'text',
  actor: 'text',
  action: 'text',
  subject: 'text',
  details: 'json',
})
const columns = codec.columns.join(', ')
const newestFirst = 'order by at desc, id desc limit $2'

const sql = {
  list: `select ${columns} from audit_event where tenant_id = $1 ${newestFirst}`,
  listAfter: `select ${columns} from audit_event where tenant_id = $1 and (at, id) < ($3, $4) ${newestFirst}`,
  insert: `insert into audit_event (tenant_id, ${columns}) values ($1, ${placeholders(codec.columns, 2)})`,
}

export function auditReads(connection: SqlConnection, tenantId: TenantId): AuditReads {
  return {
    list: async (query) => {
      const asked = [tenantId, query.limit + 1]
      const rows = query.after
        ? await connection.all(sql.listAfter, [...asked, ...readInstantAndId(query.after)])
        : await connection.all(sql.list, asked)
      return pageOf(rows.map(codec.read), query, (event) => instantAndId(event.at, event.id))
    },
  }
}

export function auditStore(connection: SqlConnection, tenantId: TenantId): AuditStore {
  return {
    ...auditReads(connection, tenantId),
    insert: async (event) => {
      await connection.run(sql.insert, [tenantId, ...codec.write(event)])
    },
  }
}

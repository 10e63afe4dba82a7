import { unlimitedCount } from '../../model/apple-rows.ts'
import type { TenantId } from '../../model/ids.ts'
import type { LicenseTotalsReads } from '../../ports/apple-row-store.ts'
import { first, type SqlConnection } from './connection.ts'

const sql = `select count(distinct adam_id) as app_count,
    coalesce(sum(total_count), 0) as total,
    coalesce(sum(assigned_count), 0) as used,
    coalesce(max(is_unlimited), 0) as is_unlimited
  from asset where token_number = (select number from vpp_token where tenant_id = $1 and id = $2)`

export function licenseTotals(connection: SqlConnection, tenantId: TenantId): LicenseTotalsReads {
  return {
    totals: async (tokenId) => {
      const row = await first(connection, sql, [tenantId, tokenId])
      return {
        appCount: Number(row?.app_count),
        total: row?.is_unlimited ? unlimitedCount : Number(row?.total),
        used: Number(row?.used),
      }
    },
  }
}

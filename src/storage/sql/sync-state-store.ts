import type { TenantId } from '../../model/ids.ts'
import type { AppleList, ListState } from '../../model/sync-state.ts'
import type { SyncStateStore } from '../../ports/sync-state-store.ts'
import type { SqlConnection } from './connection.ts'

const token = '(select number from vpp_token where tenant_id = $1 and id = $2)'

const sql = {
  find: `select list, version_id, walked_at from sync_state where token_number = ${token}`,
  put: `insert into sync_state (token_number, list, version_id, walked_at)
    select number, $3, $4, $5 from vpp_token where tenant_id = $1 and id = $2
    on conflict (token_number, list)
      do update set version_id = excluded.version_id, walked_at = excluded.walked_at`,
}

export function syncStateStore(connection: SqlConnection, tenantId: TenantId): SyncStateStore {
  return {
    find: async (tokenId) => {
      const rows = await connection.all(sql.find, [tenantId, tokenId])
      const state: Partial<Record<AppleList, ListState>> = {}
      for (const { list, version_id, walked_at } of rows)
        state[String(list) as AppleList] = {
          versionId: String(version_id),
          walkedAt: walked_at === null ? null : String(walked_at),
        }
      return state
    },
    put: async (tokenId, list, { versionId, walkedAt }) => {
      await connection.run(sql.put, [tenantId, tokenId, list, versionId, walkedAt])
    },
  }
}

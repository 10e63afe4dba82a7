/** Questions to assignments and users beyond those to all of Apple's rows. */
import type { AppleUser, Assignment } from '../../model/apple-rows.ts'
import type { TenantId } from '../../model/ids.ts'
import type { AppleUserReads, AssignmentReads } from '../../ports/apple-row-store.ts'
import { appleUserTable, assignmentTable, ofOneApp } from './apple-row-tables.ts'
import type { SqlConnection, SqlRow } from './connection.ts'
import type { Dialect } from './dialect.ts'
import { rowCodec } from './row-codec.ts'

const token = '(select number from vpp_token where tenant_id = $1 and id = $2)'
const assignment = rowCodec<Assignment>(assignmentTable.kinds)
const user = rowCodec<AppleUser>(appleUserTable.kinds)

const counts = (end: string) => `select adam_id, pricing_param, count(*) as count from assignment
  where token_number = ${token} and adam_id > $3${end} group by adam_id, pricing_param`

const sql = {
  countsToEnd: counts(''),
  counts: counts(' and adam_id <= $4'),
  listOfAsset: `select number, ${assignment.columns.join(', ')} from assignment
    where token_number = ${token} and adam_id = $3 and ${ofOneApp('assignment')}
      and number > $5 and pricing_param = $4
    order by number limit $6`,
}

export function assignmentReads(
  connection: SqlConnection,
  tenantId: TenantId,
): Pick<AssignmentReads, 'counts' | 'listOfAsset'> {
  return {
    counts: async (tokenId, after, until) => {
      const rows =
        until === null
          ? await connection.all(sql.countsToEnd, [tenantId, tokenId, after])
          : await connection.all(sql.counts, [tenantId, tokenId, after, until])
      return rows.map((row) => ({
        adamId: String(row.adam_id),
        pricingParam: String(row.pricing_param),
        count: Number(row.count),
      }))
    },
    listOfAsset: async (tokenId, { adamId, pricingParam }, after, limit) => {
      const asked = [tenantId, tokenId, adamId, pricingParam, after, limit]
      return (await connection.all(sql.listOfAsset, asked)).map((row) => ({
        number: Number(row.number),
        row: assignment.read(row),
      }))
    },
  }
}

export function userReads(
  connection: SqlConnection,
  tenantId: TenantId,
  dialect: Dialect,
): Pick<AppleUserReads, 'listOfUsers'> {
  const listOfUsers = `select stored.number, ${user.columns.map((name) => `stored.${name}`).join(', ')}
    from ${dialect.rowsFromJson('$3', [{ name: 'client_user_id', type: 'text' }])} as given
    ${dialect.lookUp(
      'apple_user',
      `stored.token_number = ${token} and stored.client_user_id = given.client_user_id`,
    )}`
  const read = (row: SqlRow) => ({ number: Number(row.number), row: user.read(row) })
  return {
    listOfUsers: async (tokenId, clientUserIds) => {
      const given = JSON.stringify([...new Set(clientUserIds)].map((id) => [id]))
      return (await connection.all(listOfUsers, [tenantId, tokenId, given])).map(read)
    },
  }
}

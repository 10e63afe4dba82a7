import type { TenantId } from '../../model/ids.ts'
import type { LicenseReads } from '../../ports/library-store.ts'
import { first, type SqlConnection } from './connection.ts'
import type { Dialect } from './dialect.ts'
import {
  licenseFacts,
  licenseSelection,
  pairCodec,
  pairStatements,
  readLicense,
} from './license-source.ts'
import type { ListSource } from './list-source.ts'
import { countStatement, listedPage, listStatement } from './list-statement.ts'

export function licenseReads(
  connection: SqlConnection,
  tenantId: TenantId,
  dialect: Dialect,
  source: ListSource,
): LicenseReads {
  return {
    list: async (tokenId, adamId, query) => {
      const given = [tenantId, tokenId, adamId]
      const list = listStatement(source, licenseSelection, given, query, dialect)
      const rows = (await connection.all(list.sql, list.values)).map(readLicense)
      const page = listedPage(source, licenseFacts, query, rows)
      return { ...page, rows: page.rows.map(({ license }) => license) }
    },
    count: async (tokenId, adamId, filter) => {
      const count = countStatement(source, [tenantId, tokenId, adamId], filter, dialect)
      return Number((await first(connection, count.sql, count.values))?.count)
    },
    listPairs: async (tokenId, adamId, after, limit) => {
      const place = after ? pairCodec.write(after) : [adamId, ...beforeAll]
      const rows = await connection.all(pairStatements.list, [tenantId, tokenId, ...place, limit])
      return rows.map(pairCodec.read)
    },
    find: async (tokenId, pair) => {
      const given = [tenantId, tokenId, ...pairCodec.write(pair)]
      const row = await first(connection, pairStatements.find, given)
      return row && readLicense(row).license
    },
  }
}

/** Quality, kind and target of a place that every licence of an app follows. */
const beforeAll = ['', -1, ''] as const

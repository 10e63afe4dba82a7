import type { TenantId, TokenId } from '../../model/ids.ts'
import type { ListQuery, Predicate } from '../../model/list-query.ts'
import type { LocationReads } from '../../ports/location-reads.ts'
import type { SqlConnection } from './connection.ts'
import type { Dialect } from './dialect.ts'
import { countStatement, listedPage, listStatement } from './list-statement.ts'
import { type LocationList, licenseList, userList } from './location-source.ts'

export function locationReads(
  connection: SqlConnection,
  tenantId: TenantId,
  dialect: Dialect,
): LocationReads {
  const list =
    <Row>({ source, selection, read, facts }: LocationList<Row>) =>
    async (tokenId: TokenId, query: ListQuery) => {
      const asked = listStatement(source, selection, [tenantId, tokenId], query, dialect)
      const rows = (await connection.all(asked.sql, asked.values)).map(read)
      const page = listedPage(source, facts, query, rows)
      return { ...page, rows: page.rows.map(({ record }) => record) }
    }
  const count =
    <Row>({ source }: LocationList<Row>) =>
    async (tokenId: TokenId, filter?: Predicate) => {
      const asked = countStatement(source, [tenantId, tokenId], filter, dialect)
      return Number((await connection.all(asked.sql, asked.values))[0]?.count)
    }
  return {
    licenses: list(licenseList),
    countLicenses: count(licenseList),
    users: list(userList),
    countUsers: count(userList),
  }
}

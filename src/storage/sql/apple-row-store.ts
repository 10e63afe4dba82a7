import { Failure } from '../../model/failure.ts'
import type { TenantId, TokenId } from '../../model/ids.ts'
import type { AppleRowReads, AppleRowStore, NumberedRow } from '../../ports/apple-row-store.ts'
import { type AppleRowTable, appleRowStatements } from './apple-row-tables.ts'
import { first, type SqlConnection, type SqlRow } from './connection.ts'
import type { Dialect } from './dialect.ts'
import { rowCodec } from './row-codec.ts'

export interface AppleRows<Row> {
  reads(connection: SqlConnection, tenantId: TenantId): AppleRowReads<Row>
  store(connection: SqlConnection, tenantId: TenantId): AppleRowStore<Row>
}

/** The doors to one kind of Apple's rows; many rows travel in one statement as JSON text. */
export function appleRows<Row extends object>(
  table: AppleRowTable<Row>,
  dialect: Dialect,
): AppleRows<Row> {
  const codec = rowCodec(table.kinds)
  const sql = appleRowStatements(table, dialect)
  const read = (columns: SqlRow): NumberedRow<Row> => ({
    number: Number(columns.number),
    row: codec.read(columns),
  })

  const reads = (connection: SqlConnection, tenantId: TenantId): AppleRowReads<Row> => ({
    list: async (tokenId, after, limit) =>
      (await connection.all(sql.list, [tenantId, tokenId, after, limit])).map(read),
    count: async (tokenId) =>
      Number((await first(connection, sql.count, [tenantId, tokenId]))?.count),
  })

  const store = (connection: SqlConnection, tenantId: TenantId): AppleRowStore<Row> => ({
    ...reads(connection, tenantId),
    findSame: async (tokenId, rows) => {
      const given = JSON.stringify(rows.map(codec.write))
      return (await connection.all(sql.findSame, [tenantId, tokenId, given])).map(read)
    },
    insert: async (tokenId, rows) => {
      if (rows.length === 0) return []
      const given = JSON.stringify(rows.map(codec.write))
      const inserted = await connection.all(sql.insert, [tenantId, tokenId, given])
      if (inserted.length === 0) tokenAbsent(tokenId)
      // Numbers are counted up in the order of the rows, but may be returned in any.
      return inserted.map((row) => Number(row.number)).sort((a, b) => a - b)
    },
    update: async (tokenId, rows) => {
      const given = JSON.stringify(rows.map(({ number, row }) => [number, ...codec.write(row)]))
      const updated = await connection.run(sql.update, [tenantId, tokenId, given])
      if (updated !== rows.length)
        throw new Failure(
          'notFound',
          `${rows.length - updated} of ${rows.length} rows to be changed are not stored under the token "${tokenId}". Another run may have removed them; the next run reads them again.`,
        )
    },
    remove: async (tokenId, numbers) => {
      const given = JSON.stringify(numbers.map((number) => [number]))
      await connection.run(sql.remove, [tenantId, tokenId, given])
    },
  })

  return { reads, store }
}

function tokenAbsent(tokenId: TokenId): never {
  throw new Failure(
    'notFound',
    `There is no token with the id "${tokenId}" to keep Apple's rows under. It may have been removed.`,
  )
}

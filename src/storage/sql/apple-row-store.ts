import { Failure } from '../../model/failure.ts'
import type { TenantId, TokenId } from '../../model/ids.ts'
import type { AppleRowReads, AppleRowStore, NumberedRow } from '../../ports/apple-row-store.ts'
import { type AppleRowTable, appleRowStatements } from './apple-row-tables.ts'
import { rowsTogether } from './apple-rows-together.ts'
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
  const together = rowsTogether(table, dialect)
  const read = (columns: SqlRow): NumberedRow<Row> => ({
    number: Number(columns.number),
    row: codec.read(columns),
  })

  const reads = (connection: SqlConnection, tenantId: TenantId): AppleRowReads<Row> => {
    const numberIn = async (text: string, column: string, tokenId: TokenId) =>
      Number((await first(connection, text, [tenantId, tokenId]))?.[column])
    const findAll = async (tokenId: TokenId, rows: readonly Row[]) =>
      connection.all(sql.findSame, [tenantId, tokenId, JSON.stringify(rows.map(codec.write))])
    const findEach = async (tokenId: TokenId, rows: readonly Row[]) => {
      const parts = together?.partsOf(rows)
      if (parts) return together?.findEach(connection, [tenantId, tokenId], parts) ?? []
      const found = new Array<NumberedRow<Row> | undefined>(rows.length).fill(undefined)
      for (const columns of await findAll(tokenId, rows))
        found[Number(columns.position)] = read(columns)
      return found
    }
    return {
      findEach,
      findInTurn: async (tokenId, rows, last) => {
        const parts = together?.partsOf(rows)
        return parts
          ? (together?.findInTurn(connection, [tenantId, tokenId], parts, last) ?? [])
          : findEach(tokenId, rows)
      },
      list: async (tokenId, after, limit) =>
        (await connection.all(sql.list, [tenantId, tokenId, after, limit])).map(read),
      count: (tokenId) => numberIn(sql.count, 'count', tokenId),
      countNext: async (tokenId, after, until, limit) => {
        const asked = [tenantId, tokenId, after, until, limit]
        const row = await first(connection, sql.countNext, asked)
        return { count: Number(row?.count), last: Number(row?.last) }
      },
      lastNumber: (tokenId) => numberIn(sql.lastNumber, 'number', tokenId),
    }
  }

  const store = (connection: SqlConnection, tenantId: TenantId): AppleRowStore<Row> => ({
    ...reads(connection, tenantId),
    findSame: async (tokenId, rows) =>
      (await reads(connection, tenantId).findEach(tokenId, rows)).filter(
        (row) => row !== undefined,
      ),
    insert: async (tokenId, rows) => {
      if (rows.length === 0) return
      const parts = together?.partsOf(rows)
      const inserted = parts
        ? await together?.insert(connection, [tenantId, tokenId], parts)
        : await connection.run(sql.insert, [
            tenantId,
            tokenId,
            JSON.stringify(rows.map(codec.write)),
          ])
      if (inserted === 0) tokenAbsent(tokenId)
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

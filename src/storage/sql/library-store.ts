import { Failure } from '../../model/failure.ts'
import type { TenantId, TokenId } from '../../model/ids.ts'
import type { LibraryReads, LibraryStore } from '../../ports/library-store.ts'
import { first, type SqlConnection, type SqlRow } from './connection.ts'
import type { Dialect } from './dialect.ts'
import { itemSelection, readItem, writeItem } from './library-rows.ts'
import { itemFacts } from './library-source.ts'
import { type LibraryStatements, libraryStatements } from './library-statements.ts'
import { countStatement, listedPage, listStatement, type Statement } from './list-statement.ts'
import { readSummary, summaryFacts, summarySelection, summarySource } from './summary-source.ts'

export interface Library {
  reads(connection: SqlConnection, tenantId: TenantId): LibraryReads
  store(connection: SqlConnection, tenantId: TenantId): LibraryStore
}

/** The doors to apps and books; many travel in one statement as JSON text. */
export function library(dialect: Dialect): Library {
  const sql = libraryStatements(dialect)
  return {
    reads: (connection, tenantId) => libraryReads(connection, tenantId, dialect, sql),
    store: (connection, tenantId) => libraryStore(connection, tenantId, dialect, sql),
  }
}

function libraryReads(
  connection: SqlConnection,
  tenantId: TenantId,
  dialect: Dialect,
  sql: LibraryStatements,
): LibraryReads {
  const all = (statement: Statement) => connection.all(statement.sql, statement.values)
  const count = async (statement: Statement) => Number((await all(statement))[0]?.count)
  return {
    list: async (kinds, query) => {
      const { source, given } = sql.source(tenantId, kinds, query.filter)
      const rows = await all(listStatement(source, itemSelection, given, query, dialect))
      return listedPage(source, itemFacts, query, rows.map(readItem))
    },
    count: (kinds, filter) => {
      const { source, given } = sql.source(tenantId, kinds, filter)
      return count(countStatement(source, given, filter, dialect))
    },
    find: async (id) => {
      const row = await first(connection, sql.find, [tenantId, id])
      return row && withIcon(row)
    },
    listOfToken: async (tokenId, after, limit) => {
      const key = after ? [after.adamId, after.contentKind] : ['', '']
      return (await connection.all(sql.listOfToken, [tenantId, tokenId, ...key, limit])).map(
        readItem,
      )
    },
    summaries: async (bundleId, query) => {
      const given = [tenantId, bundleId]
      const rows = await all(listStatement(summarySource, summarySelection, given, query, dialect))
      return listedPage(summarySource, summaryFacts, query, rows.map(readSummary))
    },
    countSummaries: (bundleId, filter) =>
      count(countStatement(summarySource, [tenantId, bundleId], filter, dialect)),
  }
}

function withIcon(row: SqlRow) {
  const { record, ...item } = readItem(row)
  const { icon_type: type, icon_value: value } = row
  return {
    ...item,
    record: { ...record, largeIcon: value === null ? null : { type: String(type), value } },
  }
}

function libraryStore(
  connection: SqlConnection,
  tenantId: TenantId,
  dialect: Dialect,
  sql: LibraryStatements,
): LibraryStore {
  return {
    ...libraryReads(connection, tenantId, dialect, sql),
    insert: async (tokenId, items) => {
      if (items.length === 0) return
      const given = JSON.stringify(items.map(writeItem))
      if ((await connection.run(sql.insert, [tenantId, tokenId, given])) === 0) tokenAbsent(tokenId)
    },
    update: async (tokenId, items) => {
      const given = JSON.stringify(items.map((item) => [tenantId, ...writeItem(item)]))
      const updated = await connection.run(sql.update, [tenantId, tokenId, given])
      if (updated !== items.length)
        throw new Failure(
          'notFound',
          `${items.length - updated} of ${items.length} apps and books to be changed are not stored under the token "${tokenId}". Another run may have removed them; the next run makes up for it.`,
        )
    },
    remove: async (tokenId, ids) => {
      const given = JSON.stringify(ids.map((id) => [id]))
      await connection.run(sql.remove, [tenantId, tokenId, given])
    },
    putIcon: async (tokenId, id, icon) => {
      const item = [tenantId, tokenId, id]
      if ((await connection.run(sql.countUp, item)) === 0) return
      if (icon) await connection.run(sql.putIcon, [...item, icon.type, String(icon.value)])
      else await connection.run(sql.removeIcon, item)
    },
  }
}

function tokenAbsent(tokenId: TokenId): never {
  throw new Failure(
    'notFound',
    `There is no token with the id "${tokenId}" to keep apps and books under. It may have been removed.`,
  )
}

import { Failure } from '../../model/failure.ts'
import type { TenantId } from '../../model/ids.ts'
import {
  type NumberedReceipt,
  type ReceiptStatus,
  receiptStatus,
} from '../../model/license-intent.ts'
import type { ListQuery } from '../../model/list-query.ts'
import type { LicenseIntentReads, LicenseIntentStore } from '../../ports/license-intent-store.ts'
import { assignmentTable } from './apple-row-tables.ts'
import { first, type SqlConnection, type SqlRow } from './connection.ts'
import type { Dialect } from './dialect.ts'
import {
  intentFacts,
  intentSelection,
  intentSource,
  readIntent,
  readShownReceipt,
  readStep,
  receiptCodec,
  receiptFacts,
  receiptSelection,
  receiptSource,
  writeIntent,
  writeStep,
} from './intent-rows.ts'
import { type IntentStatements, intentStatements, targetKindNumber } from './intent-statements.ts'
import { countStatement, listedPage, listStatement, type Statement } from './list-statement.ts'
import { rowCodec } from './row-codec.ts'

export interface Intents {
  reads(connection: SqlConnection, tenantId: TenantId): LicenseIntentReads
  store(connection: SqlConnection, tenantId: TenantId): LicenseIntentStore
}

export function intents(dialect: Dialect): Intents {
  const sql = intentStatements(dialect)
  return {
    reads: (connection, tenantId) => intentReads(connection, tenantId, dialect, sql),
    store: (connection, tenantId) => intentStore(connection, tenantId, dialect, sql),
  }
}

const ofToken = intentSource(true)
const ofTenant = intentSource(false)

function intentReads(
  connection: SqlConnection,
  tenantId: TenantId,
  dialect: Dialect,
  sql: IntentStatements,
): LicenseIntentReads {
  const all = (statement: Statement) => connection.all(statement.sql, statement.values)
  const count = async (statement: Statement) => Number((await all(statement))[0]?.count)
  const listed = (tokenId: string | null) =>
    tokenId === null
      ? { source: ofTenant, given: [tenantId] }
      : { source: ofToken, given: [tenantId, tokenId] }
  const shown = receiptSource(dialect)
  return {
    find: async (id) => {
      const row = await first(connection, sql.find, [tenantId, id])
      return row && readIntent(row)
    },
    list: async (tokenId, query: ListQuery) => {
      const { source, given } = listed(tokenId)
      const rows = await all(listStatement(source, intentSelection, given, query, dialect))
      return listedPage(source, intentFacts, query, rows.map(readIntent))
    },
    count: (tokenId, filter) => {
      const { source, given } = listed(tokenId)
      return count(countStatement(source, given, filter, dialect))
    },
    listOpen: async (tokenId) =>
      (await connection.all(sql.listOpen, [tenantId, tokenId])).map(readIntent),
    receipts: async (intentId, query) => {
      const given = [tenantId, intentId]
      const rows = await all(listStatement(shown, receiptSelection, given, query, dialect))
      const page = listedPage(shown, receiptFacts, query, rows.map(readShownReceipt))
      return { ...page, rows: page.rows.map(({ receipt }) => receipt) }
    },
    countReceipts: (intentId, filter) =>
      count(countStatement(shown, [tenantId, intentId], filter, dialect)),
    listSteps: async (intentId) =>
      (await connection.all(sql.listSteps, [tenantId, intentId])).map(readStep),
    openSteps: async (intentId) =>
      (await connection.all(sql.openSteps, [tenantId, intentId])).map(readStep),
  }
}

const receiptStatuses = Object.keys(receiptStatus.members) as readonly ReceiptStatus[]
const assignments = rowCodec(assignmentTable.kinds)

function intentStore(
  connection: SqlConnection,
  tenantId: TenantId,
  dialect: Dialect,
  sql: IntentStatements,
): LicenseIntentStore {
  const readReceipt = (row: SqlRow): NumberedReceipt => ({
    number: Number(row.number),
    receipt: receiptCodec.read(row),
  })
  const readAssignment = (row: SqlRow) => ({
    number: Number(row.number),
    row: assignments.read(row),
  })
  return {
    ...intentReads(connection, tenantId, dialect, sql),
    insert: async (intent) => {
      const { tokenId } = intent.record
      if ((await connection.run(sql.insert, [tenantId, tokenId, ...writeIntent(intent)])) === 0)
        throw absent('token', tokenId)
    },
    update: async (intent) => {
      const { id } = intent.record
      const row = await first(connection, sql.update, [tenantId, id, ...writeIntent(intent)])
      if (!row) throw absent('intent', id)
      return { ...intent, version: Number(row.version) }
    },
    insertReceipts: async (intentId, receipts) => {
      if (receipts.length === 0) return {}
      const given = JSON.stringify(receipts.map(receiptCodec.write))
      const counts: Partial<Record<ReceiptStatus, number>> = {}
      for (const row of await connection.all(sql.insertReceipts, [tenantId, intentId, given])) {
        const status = receiptStatuses[Number(row.status)] ?? 'waiting'
        counts[status] = (counts[status] ?? 0) + 1
      }
      return counts
    },
    listWaiting: async (intentId, limit) =>
      (await connection.all(sql.listWaiting, [tenantId, intentId, limit])).map(readReceipt),
    listOfStep: async (stepId, limit) =>
      (await connection.all(sql.listOfStep, [tenantId, stepId, limit])).map(readReceipt),
    settle: async (receipts) => {
      if (receipts.length === 0) return
      const names = receiptCodec.columns
      const given = receipts.map(({ number, receipt }) => {
        const values = receiptCodec.write(receipt)
        return [
          number,
          ...sql.settledColumns.map(({ name }) => values[names.indexOf(name)] ?? null),
        ]
      })
      await connection.run(sql.settle, [tenantId, JSON.stringify(given)])
    },
    plannedOf: async (intentId, assets) => {
      if (assets.length === 0) return []
      const given = JSON.stringify(assets.map(({ adamId, pricingParam }) => [adamId, pricingParam]))
      return (await connection.all(sql.plannedOf, [tenantId, intentId, given])).map((row) => ({
        adamId: String(row.adam_id),
        pricingParam: String(row.pricing_param),
        count: Number(row.count),
      }))
    },
    insertStep: async (step, receipts) => {
      const { intentId } = step
      if ((await connection.run(sql.insertStep, [tenantId, intentId, ...writeStep(step)])) === 0)
        throw absent('intent', intentId)
      const given = JSON.stringify(receipts.map((number) => [number]))
      await connection.run(sql.putIntoStep, [tenantId, step.id, given])
    },
    updateStep: async (step) => {
      if ((await connection.run(sql.updateStep, [tenantId, step.id, ...writeStep(step)])) === 0)
        throw absent('step', step.id)
    },
    findStep: async (id) => {
      const row = await first(connection, sql.findStep, [tenantId, id])
      return row && readStep(row)
    },
    findStepOf: async (eventId) => {
      const row = await first(connection, sql.findStepOf, [tenantId, eventId])
      return row && readStep(row)
    },
    listHeld: async (tokenId, { adamId, target }, after, limit) => {
      const given = [tenantId, tokenId, after, limit]
      const statement =
        target !== undefined
          ? connection.all(sql.listHeldOfTarget, [
              ...given,
              targetKindNumber(target.targetKind),
              target.target,
            ])
          : adamId !== undefined
            ? connection.all(sql.listHeldOfApp, [...given, adamId])
            : connection.all(sql.listHeld, given)
      const rows = (await statement).map(readAssignment)
      return target === undefined || adamId === undefined
        ? rows
        : rows.filter(({ row }) => row.adamId === adamId)
    },
    findOurs: async (tokenIds, pairs) => {
      if (pairs.length === 0) return []
      const given = [
        tenantId,
        JSON.stringify(tokenIds.map((id) => [id])),
        JSON.stringify(pairs.map(assignments.write)),
      ]
      return (await connection.all(sql.findOurs, given)).map((row) => assignments.read(row))
    },
  }
}

function absent(what: 'token' | 'intent' | 'step', id: string): Failure {
  return new Failure(
    'notFound',
    `There is no ${what} with the id "${id}". Its token may have been removed.`,
  )
}

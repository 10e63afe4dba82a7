/** How intents, their steps and receipts lie in their rows, and what lists of them are made of. */
import { itemReasonText } from '../../model/item-reason-text.ts'
import {
  type LicenseReceipt,
  type LicenseStep,
  licenseIntent,
  licenseReceipt,
  type Receipt,
  receiptStatus,
  type StoredIntent,
} from '../../model/license-intent.ts'
import { targetKinds } from './apple-row-tables.ts'
import type { SqlRow, SqlValue } from './connection.ts'
import type { Dialect } from './dialect.ts'
import { columnOperand, columnOperands, entityColumns } from './entity-columns.ts'
import type { ListSource, OperandSql } from './list-source.ts'
import type { RowFacts } from './list-statement.ts'
import { literalOperand } from './literal-sql.ts'
import { rowCodec } from './row-codec.ts'

const record = entityColumns(licenseIntent)
const bookkeeping = rowCodec<Omit<StoredIntent, 'record' | 'version'>>({
  cursor: 'integer',
  wakeAt: 'text',
  pausedUntil: 'text',
  setbacks: 'integer',
  itemId: 'text',
  request: 'json',
})

export const intentColumns: readonly string[] = [...record.columns, ...bookkeeping.columns]
export const intentsOfTokens =
  'license_intent join vpp_token on vpp_token.number = license_intent.token_number'
export const intentSelection = [
  'vpp_token.id as token_id, license_intent.version, license_intent.number',
  ...intentColumns.map((name) => `license_intent.${name}`),
].join(', ')

export function writeIntent(intent: StoredIntent): readonly SqlValue[] {
  return [...record.write(intent.record), ...bookkeeping.write(intent)]
}

export function readIntent(row: SqlRow): StoredIntent {
  return {
    record: { ...record.read(row), tokenId: String(row.token_id) },
    version: Number(row.version),
    ...bookkeeping.read(row),
  }
}

const intentOperands = new Map(columnOperands('license_intent', licenseIntent))
intentOperands.set('tokenId', { sql: 'vpp_token.id', kind: 'text', isNullable: false })

/** `$1` is the tenant and, where they are those of one token, `$2` the token. Ids are made in the order of time. */
export function intentSource(ofToken: boolean): ListSource {
  return {
    from: intentsOfTokens,
    where: `license_intent.tenant_id = $1${ofToken ? ' and vpp_token.id = $2' : ''}`,
    key: { sql: 'license_intent.id', form: 'guid', property: 'id' },
    operands: intentOperands,
  }
}

export const intentFacts: RowFacts<StoredIntent> = {
  key: (intent) => intent.record.id,
  record: (intent) => intent.record,
}

const stepCodec = rowCodec<Omit<LicenseStep, 'intentId'>>({
  id: 'text',
  write: 'json',
  status: 'text',
  eventId: 'text',
  tries: 'integer',
  sentAt: 'text',
  pollAt: 'text',
})
export const stepColumns = stepCodec.columns
export const stepSelection = [
  'license_intent.id as intent_id',
  ...stepColumns.map((name) => `license_step.${name}`),
].join(', ')
export const writeStep = stepCodec.write

export function readStep(row: SqlRow): LicenseStep {
  return { intentId: String(row.intent_id), ...stepCodec.read(row) }
}

/** As numbers, in the table's conditions too: 0 waits, 1 is done. */
const statuses = Object.keys(receiptStatus.members)

export const receiptCodec = rowCodec<Receipt>({
  adamId: 'text',
  pricingParam: 'text',
  targetKind: targetKinds,
  target: 'text',
  email: 'text',
  managedAppleId: 'text',
  status: statuses,
  reason: 'text',
  errorNumber: 'integer',
  tries: 'integer',
})
export const receiptSelection = ['license_receipt.number', ...receiptCodec.columns].join(', ')

export interface ShownReceipt {
  readonly number: number
  readonly receipt: LicenseReceipt
}

export function readShownReceipt(row: SqlRow): ShownReceipt {
  const { targetKind, target, adamId, pricingParam, status, reason, errorNumber } =
    receiptCodec.read(row)
  const receipt: LicenseReceipt = {
    ...{ adamId, pricingParam, status, reason, errorNumber },
    serialNumber: targetKind === 'serialNumber' ? target : null,
    clientUserId: targetKind === 'clientUserId' ? target : null,
    message: itemReasonText(reason),
  }
  return { number: Number(row.number), receipt }
}

export const receiptFacts: RowFacts<ShownReceipt> = {
  key: ({ number }) => number,
  record: ({ receipt }) => receipt,
}

/** `$1` is the tenant, `$2` the intent. */
export function receiptSource(dialect: Dialect): ListSource {
  const operands = new Map<string, OperandSql>()
  const { adamId, pricingParam, reason, errorNumber } = licenseReceipt.properties
  for (const [name, property] of Object.entries({ adamId, pricingParam, reason, errorNumber })) {
    const operand = columnOperand('license_receipt', name, property)
    if (operand) operands.set(name, operand)
  }
  for (const kind of targetKinds)
    operands.set(kind, {
      sql: `case when license_receipt.target_kind = ${targetKinds.indexOf(kind)} then license_receipt.target end`,
      kind: 'text',
      isNullable: true,
    })
  const words = statuses.map(
    (status, index) =>
      `when license_receipt.status = ${index} then ${literalOperand('text', status, dialect).sql}`,
  )
  operands.set('status', { sql: `case ${words.join(' ')} end`, kind: 'text', isNullable: true })
  return {
    from: 'license_receipt',
    where:
      'license_receipt.intent_number = (select number from license_intent where tenant_id = $1 and id = $2)',
    key: { sql: 'license_receipt.number', form: 'number' },
    operands,
  }
}

/** The SQL of intents, steps and receipts; `$1` is the tenant in every statement. Many rows come in as JSON text. */
import { assignmentTable, ofOneApp, targetKinds } from './apple-row-tables.ts'
import type { Dialect } from './dialect.ts'
import {
  intentColumns,
  intentSelection,
  intentsOfTokens,
  receiptCodec,
  receiptSelection,
  stepColumns,
  stepSelection,
} from './intent-rows.ts'
import { type Column, rowCodec } from './row-codec.ts'
import { assignments, placeholders } from './statement-text.ts'

const intent = '(select number from license_intent where tenant_id = $1 and id = $2)'
const token = '(select number from vpp_token where tenant_id = $1 and id = $2)'
const open = "license_intent.status in ('waiting', 'active')"
const step = `(select license_step.number from license_step
  join license_intent on license_intent.number = license_step.intent_number
  where license_intent.tenant_id = $1 and license_step.id = $2)`
const steps = `select ${stepSelection} from license_step
  join license_intent on license_intent.number = license_step.intent_number
  where license_intent.tenant_id = $1`
const number: Column = { name: 'number', type: 'integer' }
const assignment = rowCodec(assignmentTable.kinds)
const pairKey = ['adam_id', 'pricing_param', 'target_kind', 'target']
const same = (columns: readonly string[]) =>
  columns.map((name) => `stored.${name} = given.${name}`).join(' and ')
const asset: readonly Column[] = [
  { name: 'adam_id', type: 'text' },
  { name: 'pricing_param', type: 'text' },
]

export type IntentStatements = ReturnType<typeof intentStatements>

export function intentStatements(dialect: Dialect) {
  const receipts = `${dialect.rowsFromJson('$3', receiptCodec.typedColumns)} as given`
  const numbers = (placeholder: string) =>
    `(select given.number from ${dialect.rowsFromJson(placeholder, [number])} as given)`
  const held = `select stored.number, ${assignment.columns.map((name) => `stored.${name}`).join(', ')}`
  const ofTokens = `(select number from vpp_token where tenant_id = $1 and id in (
    select wanted.id from ${dialect.rowsFromJson('$2', [{ name: 'id', type: 'text' }])} as wanted))`
  const settled = ['status', 'reason', 'error_number', 'tries']
  const settledColumns = receiptCodec.typedColumns.filter(({ name }) => settled.includes(name))
  return {
    find: `select ${intentSelection} from ${intentsOfTokens}
      where license_intent.tenant_id = $1 and license_intent.id = $2`,
    listOpen: `select ${intentSelection} from ${intentsOfTokens}
      where vpp_token.tenant_id = $1 and vpp_token.id = $2 and ${open} order by license_intent.number`,
    insert: `insert into license_intent (token_number, tenant_id, version, ${intentColumns.join(', ')})
      select vpp_token.number, vpp_token.tenant_id, 1, ${placeholders(intentColumns, 3)}
      from vpp_token where vpp_token.tenant_id = $1 and vpp_token.id = $2`,
    update: `update license_intent set version = version + 1, ${assignments(intentColumns, 3)}
      where tenant_id = $1 and id = $2 returning version`,
    insertReceipts: `insert into license_receipt (token_number, intent_number, ${receiptCodec.columns.join(', ')})
      select license_intent.token_number, license_intent.number,
        ${receiptCodec.columns.map((name) => `given.${name}`).join(', ')}
      from license_intent cross join ${receipts}
      where license_intent.tenant_id = $1 and license_intent.id = $2
      order by given.position
      on conflict do nothing returning status`,
    listWaiting: `select ${receiptSelection} from license_receipt
      where intent_number = ${intent} and status = 0 and step_number is null order by number limit $3`,
    listOfStep: `select ${receiptSelection} from license_receipt
      where step_number = ${step} order by number limit $3`,
    settle: `update license_receipt set step_number = null,
        ${settled.map((name) => `${name} = given.${name}`).join(', ')}
      from ${dialect.rowsFromJson('$2', [number, ...settledColumns])} as given, license_intent
      where license_receipt.number = given.number
        and license_intent.number = license_receipt.intent_number and license_intent.tenant_id = $1`,
    settledColumns,
    plannedOf: `select stored.adam_id, stored.pricing_param, count(*) as count
      from ${dialect.rowsFromJson('$3', asset)} as given ${dialect.lookUp(
        'license_receipt',
        `stored.intent_number = ${intent} and ${same(['adam_id', 'pricing_param'])} and stored.status in (0, 1)`,
      )} group by stored.adam_id, stored.pricing_param`,
    insertStep: `insert into license_step (intent_number, ${stepColumns.join(', ')})
      select number, ${placeholders(stepColumns, 3)} from license_intent where tenant_id = $1 and id = $2`,
    putIntoStep: `update license_receipt set step_number = ${step} where number in ${numbers('$3')}`,
    updateStep: `update license_step set ${assignments(stepColumns, 3)}
      where id = $2 and intent_number in (select number from license_intent where tenant_id = $1)`,
    findStep: `${steps} and license_step.id = $2`,
    findStepOf: `${steps} and license_step.event_id = $2 and license_step.status = 'sent'`,
    listSteps: `${steps} and license_intent.id = $2 order by license_step.number`,
    openSteps: `${steps} and license_intent.id = $2 and license_step.status <> 'settled'
      order by license_step.number`,
    listHeld: `${held} from assignment as stored
      where stored.token_number = ${token} and stored.number > $3 order by stored.number limit $4`,
    listHeldOfApp: `${held} from assignment as stored
      where stored.token_number = ${token} and stored.adam_id = $5
        and ${ofOneApp('stored')} and stored.number > $3
      order by stored.number limit $4`,
    // By the assets: there are few of them, and the key of an assignment begins with its asset.
    listHeldOfTarget: `${held} from (select token_number, adam_id, pricing_param from asset where token_number = ${token}) as given
      ${dialect.lookUp(
        'assignment',
        `stored.token_number = given.token_number and ${same(['adam_id', 'pricing_param'])}
          and stored.target_kind = $5 and stored.target = $6 and +stored.number > $3`,
      )} order by stored.number limit $4`,
    findOurs: `select distinct ${pairKey.map((name) => `given.${name}`).join(', ')}
      from ${dialect.rowsFromJson('$3', assignment.typedColumns)} as given
      where exists (select 1 from license_receipt as stored
        join license_intent on license_intent.number = stored.intent_number
        where stored.token_number in ${ofTokens}
          and license_intent.action = 'assign' and stored.status = 1 and ${same(pairKey)})
        or exists (select 1 from given_license as stored
          where stored.token_number in ${ofTokens} and ${same(pairKey)})`,
  }
}

export function targetKindNumber(kind: (typeof targetKinds)[number]): number {
  return targetKinds.indexOf(kind)
}

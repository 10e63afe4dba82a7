/** Removes rows that have been kept long enough (ports/instance-store.ts, Retention). */
import type { Instant } from '../../model/date-time-offset.ts'
import type { Pruned, Retention } from '../../ports/instance-store.ts'
import type { SqlConnection } from './connection.ts'

/** Active runs have no end. The newest run of a token stays: it says how the token came to be what it is. */
const oldRuns = `sync_run.ended_at < $1 and exists (
      select 1 from sync_run as newer where newer.token_number = sync_run.token_number
        and (newer.requested_at, newer.id) > (sync_run.requested_at, sync_run.id))`
const changeOfRun =
  'run_change.token_number = sync_run.token_number and run_change.run_id = sync_run.id'

const sql = {
  audit: `delete from audit_event where (tenant_id, at, id) in (
    select tenant_id, at, id from audit_event where at < $1 order by at limit $2)`,
  runChanges: `delete from run_change where number in (
    select run_change.number from sync_run join run_change on ${changeOfRun}
    where ${oldRuns} limit $2)`,
  runs: `delete from sync_run where id in (
    select id from sync_run where ${oldRuns}
      and not exists (select 1 from run_change where ${changeOfRun})
    order by ended_at limit $2)`,
  idempotency: `delete from idempotent_create where (tenant_id, client_id, key) in (
    select tenant_id, client_id, key from idempotent_create where at < $1 order by at limit $2)`,
}

const oldIntents =
  "license_intent.status not in ('waiting', 'active') and license_intent.ended_date_time < $1"
const oldReceipts = (columns: string) => `select ${columns} from license_intent
  join license_receipt on license_receipt.intent_number = license_intent.number
  where ${oldIntents}
  order by license_intent.ended_date_time, license_intent.number, license_receipt.number limit $2`
const pair = ['token_number', 'adam_id', 'pricing_param', 'target_kind', 'target']

export const licenseRetention = {
  // Of the very rows that go then. Status 1 is done.
  keepGiven: `insert into given_license (${pair.join(', ')})
    select ${pair.join(', ')} from (${oldReceipts(
      [
        ...pair.map((name) => `license_receipt.${name}`),
        'license_intent.action, license_receipt.status as outcome',
      ].join(', '),
    )}) as gone where action = 'assign' and outcome = 1
    on conflict do nothing`,
  receipts: `delete from license_receipt where number in (${oldReceipts('license_receipt.number')})`,
  intents: `delete from license_intent where number in (
    select number from license_intent where ${oldIntents}
      and not exists (select 1 from license_receipt where intent_number = license_intent.number)
    order by ended_date_time limit $2)`,
}

export async function prune(
  connection: SqlConnection,
  { auditBefore, runsBefore, idempotencyBefore, intentsBefore }: Retention,
  limit: number,
): Promise<Pruned> {
  const removed = async (text: string, before: Instant | undefined) =>
    before === undefined ? 0 : connection.run(text, [before, limit])
  await removed(licenseRetention.keepGiven, intentsBefore)
  return {
    audit: await removed(sql.audit, auditBefore),
    runChanges: await removed(sql.runChanges, runsBefore),
    runs: await removed(sql.runs, runsBefore),
    idempotency: await removed(sql.idempotency, idempotencyBefore),
    receipts: await removed(licenseRetention.receipts, intentsBefore),
    intents: await removed(licenseRetention.intents, intentsBefore),
  }
}

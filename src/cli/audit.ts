/** `pomona audit list`: what was done to a tenant's credentials, by whom; also of a tenant that is no longer there. */
import { type Command, InvalidArgumentError } from 'commander'
import { absentTenant } from '../domain/tenants/tenant-status.ts'
import type { AuditEvent } from '../model/audit-event.ts'
import type { Storage } from '../ports/storage.ts'
import { instanceSettings, withInstance } from './instance.ts'
import { addSettings, settingsOf } from './options.ts'
import { remark } from './output.ts'
import { addOutput, type OutputForm, printRows } from './row-output.ts'
import { shortTime } from './short-time.ts'
import { tenantId } from './tenant-id.ts'

interface Asked {
  readonly tenant?: string
  readonly limit: number
  readonly output: OutputForm
}

const pageSize = 500
/** Where changes of keys are kept: they concern every tenant. */
const ofTheInstance = ''

export function auditCommands(program: Command): void {
  const audit = program.command('audit').description('What was done, when and by whom')
  const list = audit
    .command('list')
    .description('List the events of a tenant, or of the instance itself, newest first')
    .option('--tenant <ID>', 'the tenant, also one that was removed; absent = the instance itself')
    .option('--limit <NUMBER>', 'how many events at most', wholeNumber, 100)
  addOutput(addSettings(list, instanceSettings)).action(
    async ({ tenant, limit, output }: Asked) => {
      const id = tenant === undefined ? ofTheInstance : tenantId(tenant)
      const { events, isMore } = await withInstance(
        settingsOf(list, instanceSettings),
        async ({ storage }) => {
          const { events, isMore } = await readEvents(storage, id, limit)
          const isAnybodys = id === ofTheInstance || events.length > 0
          if (!isAnybodys && !(await storage.instance.reads.tenants.find(id)))
            throw absentTenant(id)
          const names = await clientNames(storage, id)
          return { events: events.map((event) => factsOf(event, names)), isMore }
        },
      )
      printRows(output, events, auditTable)
      if (isMore) remark(`there are older events; show more with --limit ${limit * 10}`)
    },
  )
}

async function readEvents(storage: Storage, id: string, limit: number) {
  const { audit } = storage.forTenant(id).reads
  const events: AuditEvent[] = []
  let after: string | undefined
  do {
    const wanted = Math.min(pageSize, limit - events.length)
    const page = await audit.list({ limit: wanted, ...(after === undefined ? {} : { after }) })
    events.push(...page.rows)
    after = page.next
  } while (after !== undefined && events.length < limit)
  return { events, isMore: after !== undefined }
}

/** Of the clients that are there; what was removed has its id alone. */
async function clientNames({ instance }: Storage, tenant: string) {
  const clients = tenant === ofTheInstance ? [] : await instance.reads.clients.list(tenant)
  return new Map(clients.map(({ id, name }) => [id, name]))
}

function factsOf(event: AuditEvent, names: ReadonlyMap<string, string>) {
  const { id, at, actor, action, subject, details } = event
  const actorName = names.get(actor) ?? null
  return { id, activityDateTime: at, actor, actorName, action, subject, details }
}

const auditTable = {
  head: ['AT', 'ACTOR', 'ACTION', 'SUBJECT', 'DETAILS'],
  cells: ({ activityDateTime, actor, actorName, action, subject, details }: AuditRow) => [
    shortTime(activityDateTime),
    actorName === null ? actor : `${actorName} (${actor})`,
    action,
    subject,
    Object.entries(details)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(' ') : value}`)
      .join(', '),
  ],
}
type AuditRow = ReturnType<typeof factsOf>

function wholeNumber(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < 1)
    throw new InvalidArgumentError('Give a whole number from 1.')
  return number
}

/** `pomona audit list`: what was done to a tenant's credentials, by whom; also of a tenant that is no longer there. */
import { type Command, InvalidArgumentError } from 'commander'
import { absentTenant } from '../domain/tenants/tenant-status.ts'
import type { AuditEvent } from '../model/audit-event.ts'
import type { Storage } from '../ports/storage.ts'
import { instanceSettings, withInstance } from './instance.ts'
import { addOutput, addSettings, settingsOf } from './options.ts'
import { type OutputForm, printJson, printTable } from './output.ts'
import { shortTime } from './short-time.ts'

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
      const tenantId = tenant?.toLowerCase() ?? ofTheInstance
      const { events, isMore } = await withInstance(
        settingsOf(list, instanceSettings),
        async ({ storage }) => {
          const read = await readEvents(storage, tenantId, limit)
          const isAnybodys = tenantId === ofTheInstance || read.events.length > 0
          if (!isAnybodys && !(await storage.instance.reads.tenants.find(tenantId)))
            throw absentTenant(tenantId)
          return read
        },
      )
      if (output === 'json') printJson(events.map(factsOf))
      else printTable(['AT', 'ACTOR', 'ACTION', 'SUBJECT', 'DETAILS'], events.map(rowOf))
      if (isMore)
        process.stderr.write(
          `pomona: there are older events; show more with --limit ${limit * 10}\n`,
        )
    },
  )
}

async function readEvents(storage: Storage, tenantId: string, limit: number) {
  const { audit } = storage.forTenant(tenantId).reads
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

function factsOf({ id, at, actor, action, subject, details }: AuditEvent) {
  return { id, activityDateTime: at, actor, action, subject, details }
}

function rowOf({ at, actor, action, subject, details }: AuditEvent): readonly string[] {
  const shown = Object.entries(details)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(' ') : value}`)
  return [shortTime(at), actor, action, subject, shown.join(', ')]
}

function wholeNumber(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < 1)
    throw new InvalidArgumentError('Give a whole number from 1.')
  return number
}

/** `pomona tenant add|list|suspend|resume|remove`: the organizations whose tokens are kept apart. */
import type { Command } from 'commander'
import type { Instance } from '../compose/instance.ts'
import { addTenant } from '../domain/tenants/add-tenant.ts'
import { removeTenant } from '../domain/tenants/remove-tenant.ts'
import { resumeTenant } from '../domain/tenants/resume-tenant.ts'
import { suspendTenant } from '../domain/tenants/suspend-tenant.ts'
import { absentTenant, type StatusChange } from '../domain/tenants/tenant-status.ts'
import type { Tenant } from '../model/tenant.ts'
import { addConsent, type Consent, isAgreed, type Loss } from './consent.ts'
import { instanceSettings, withInstance } from './instance.ts'
import { addSettings, settingsOf } from './options.ts'
import { say } from './output.ts'
import { addOutput, answer, type OutputForm, printRows } from './row-output.ts'
import { shortTime } from './short-time.ts'
import { tenantId } from './tenant-id.ts'

interface Asked {
  readonly output: OutputForm
}

export function tenantCommands(program: Command): void {
  const tenant = program.command('tenant').description('Organizations whose tokens are kept apart')
  addCommand(tenant)
  listCommand(tenant)
  suspendCommand(tenant)
  resumeCommand(tenant)
  removeCommand(tenant)
}

function addCommand(tenant: Command): void {
  const add = tenant
    .command('add')
    .description('Register an organization')
    .requiredOption('--id <ID>', 'its tenant id, a GUID')
    .requiredOption('--name <NAME>', 'its name, for people')
  addOutput(addSettings(add, instanceSettings)).action(
    async ({ id, name, output }: Asked & { readonly id: string; readonly name: string }) => {
      const added = await withInstance(
        settingsOf(add, instanceSettings),
        (instance) => addTenant(instance, { id, name }),
        { isFirst: true },
      )
      answer(output, {
        whole: factsOf(added),
        people: () => say(`Tenant ${added.id} (${added.name}) is registered.`),
      })
    },
  )
}

function listCommand(tenant: Command): void {
  const list = tenant.command('list').description('List the registered organizations')
  addOutput(addSettings(list, instanceSettings)).action(async ({ output }: Asked) => {
    const tenants = await withInstance(settingsOf(list, instanceSettings), ({ storage }) =>
      storage.instance.reads.tenants.list(),
    )
    printRows(output, tenants.map(factsOf), tenantTable)
  })
}

const tenantTable = {
  head: ['TENANT', 'NAME', 'STATUS', 'REGISTERED'],
  cells: ({ tenantId, name, status, createdDateTime }: ReturnType<typeof factsOf>) => [
    tenantId,
    name,
    status,
    shortTime(createdDateTime),
  ],
}

function suspendCommand(tenant: Command): void {
  const suspend = tenant
    .command('suspend')
    .description('Refuse every request of an organization; keep its data')
    .argument('<TENANT>', 'the tenant id')
  addOutput(addSettings(addConsent(suspend), instanceSettings)).action(
    (id: string, asked: Consent) =>
      withInstance(settingsOf(suspend, instanceSettings), async (instance) => {
        const holdings = await holdingsOf(instance, id)
        const isNews = holdings.tenant.status === 'active'
        if ((isNews || asked.dryRun) && !(await isAgreed(asked, suspension(holdings)))) return
        showStatus(await suspendTenant(instance, id), 'suspended', asked.output)
      }),
  )
}

function resumeCommand(tenant: Command): void {
  const resume = tenant
    .command('resume')
    .description('End the suspension of an organization')
    .argument('<TENANT>', 'the tenant id')
  addOutput(addSettings(resume, instanceSettings)).action((id: string, { output }: Asked) =>
    withInstance(settingsOf(resume, instanceSettings), async (instance) =>
      showStatus(await resumeTenant(instance, tenantId(id)), 'active', output),
    ),
  )
}

function showStatus({ tenant, isChanged }: StatusChange, outcome: string, output: OutputForm) {
  const how = isChanged ? 'now' : 'already'
  answer(output, {
    whole: factsOf(tenant),
    people: () => say(`Tenant ${tenant.id} (${tenant.name}) is ${how} ${outcome}.`),
  })
}

function removeCommand(tenant: Command): void {
  const remove = tenant
    .command('remove')
    .description('Remove an organization with its clients and content tokens; its audit stays')
    .argument('<TENANT>', 'the tenant id')
  addOutput(addSettings(addConsent(remove), instanceSettings)).action(
    (id: string, asked: Consent) =>
      withInstance(settingsOf(remove, instanceSettings), async (instance) => {
        if (!(await isAgreed(asked, removal(await holdingsOf(instance, id))))) return
        const removed = await removeTenant(instance, id)
        answer(asked.output, {
          whole: { tenantId: removed.id, name: removed.name, removed: true },
          people: () => say(`Tenant ${removed.id} (${removed.name}) is removed. Its audit stays.`),
        })
      }),
  )
}

interface Holdings {
  readonly tenant: Tenant
  readonly tokenCount: number
  readonly clientCount: number
}

async function holdingsOf({ storage }: Instance, id: string): Promise<Holdings> {
  const { tenants, clients } = storage.instance.reads
  const tenant = await tenants.find(tenantId(id))
  if (!tenant) throw absentTenant(tenantId(id))
  const tokenCount = await storage.forTenant(tenant.id).reads.tokens.count()
  return { tenant, tokenCount, clientCount: (await clients.list(tenant.id)).length }
}

function suspension(holdings: Holdings): Loss {
  const { tenant, tokenCount, clientCount } = holdings
  return {
    facts: heldFacts(holdings),
    lines: [
      `The tenant ${tenant.id} (${tenant.name}) has ${counted(clientCount, 'client')}, whose requests would be refused from now on.`,
      `Its ${counted(tokenCount, 'content token')} would stay and go on being synced. The way back: pomona tenant resume ${tenant.id}`,
    ],
  }
}

function removal(holdings: Holdings): Loss {
  const { tenant, tokenCount, clientCount } = holdings
  return {
    facts: heldFacts(holdings),
    lines: [
      `The tenant ${tenant.id} (${tenant.name}) has ${counted(tokenCount, 'content token')} and ${counted(clientCount, 'client')}, which would be gone for good.`,
      'Licences at Apple stay assigned as they are, and the audit of the tenant stays.',
    ],
  }
}

function heldFacts({ tenant, tokenCount, clientCount }: Holdings) {
  return { ...factsOf(tenant), tokenCount, clientCount }
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}

function factsOf({ id, name, status, createdAt }: Tenant) {
  return { tenantId: id, name, status, createdDateTime: createdAt }
}

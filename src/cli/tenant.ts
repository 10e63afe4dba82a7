/** `pomona tenant add|list|suspend|resume|remove`: the organizations whose tokens are kept apart. */
import type { Command } from 'commander'
import type { Instance } from '../compose/instance.ts'
import { addTenant, type TenantDeps } from '../domain/tenants/add-tenant.ts'
import { removeTenant } from '../domain/tenants/remove-tenant.ts'
import { resumeTenant } from '../domain/tenants/resume-tenant.ts'
import { suspendTenant } from '../domain/tenants/suspend-tenant.ts'
import { absentTenant, type StatusChange } from '../domain/tenants/tenant-status.ts'
import { Failure } from '../model/failure.ts'
import type { Tenant } from '../model/tenant.ts'
import { instanceSettings, withInstance } from './instance.ts'
import { addOutput, addSettings, settingsOf } from './options.ts'
import { type OutputForm, printJson, printTable, say } from './output.ts'
import { shortTime } from './short-time.ts'

interface Asked {
  readonly output: OutputForm
}

export function tenantCommands(program: Command): void {
  const tenant = program.command('tenant').description('Organizations whose tokens are kept apart')
  addCommand(tenant)
  listCommand(tenant)
  statusCommand(tenant, 'suspend', 'Refuse every request of an organization; keep its data', {
    change: suspendTenant,
    outcome: 'suspended',
  })
  statusCommand(tenant, 'resume', 'End the suspension of an organization', {
    change: resumeTenant,
    outcome: 'active',
  })
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
      if (output === 'json') printJson(factsOf(added))
      else say(`Tenant ${added.id} (${added.name}) is registered.`)
    },
  )
}

function listCommand(tenant: Command): void {
  const list = tenant.command('list').description('List the registered organizations')
  addOutput(addSettings(list, instanceSettings)).action(async ({ output }: Asked) => {
    const tenants = await withInstance(settingsOf(list, instanceSettings), ({ storage }) =>
      storage.instance.reads.tenants.list(),
    )
    if (output === 'json') printJson(tenants.map(factsOf))
    else
      printTable(
        ['TENANT', 'NAME', 'STATUS', 'REGISTERED'],
        tenants.map(({ id, name, status, createdAt }) => [id, name, status, shortTime(createdAt)]),
      )
  })
}

function statusCommand(
  tenant: Command,
  name: string,
  description: string,
  {
    change,
    outcome,
  }: {
    readonly change: (deps: TenantDeps, id: string) => Promise<StatusChange>
    readonly outcome: string
  },
): void {
  const command = tenant
    .command(name)
    .description(description)
    .argument('<TENANT>', 'the tenant id')
  addOutput(addSettings(command, instanceSettings)).action(
    async (id: string, { output }: Asked) => {
      const done = await withInstance(settingsOf(command, instanceSettings), (instance) =>
        change(instance, id),
      )
      if (output === 'json') printJson(factsOf(done.tenant))
      else
        say(
          `Tenant ${done.tenant.id} (${done.tenant.name}) is ${done.isChanged ? 'now' : 'already'} ${outcome}.`,
        )
    },
  )
}

function removeCommand(tenant: Command): void {
  const remove = tenant
    .command('remove')
    .description('Remove an organization with its clients and content tokens; its audit stays')
    .argument('<TENANT>', 'the tenant id')
    .option('--yes', 'do it; without this nothing is removed', false)
  addOutput(addSettings(remove, instanceSettings)).action(
    async (id: string, { yes, output }: Asked & { readonly yes: boolean }) => {
      const removed = await withInstance(settingsOf(remove, instanceSettings), async (instance) => {
        if (!yes) await refuseUnsaid(instance, id.toLowerCase())
        return removeTenant(instance, id)
      })
      if (output === 'json') printJson({ tenantId: removed.id, name: removed.name, removed: true })
      else say(`Tenant ${removed.id} (${removed.name}) is removed. Its audit stays.`)
    },
  )
}

/** Says what would be lost. */
async function refuseUnsaid({ storage }: Instance, id: string): Promise<never> {
  const { tenants, clients } = storage.instance.reads
  const found = await tenants.find(id)
  if (!found) throw absentTenant(id)
  const tokenCount = await storage.forTenant(id).reads.tokens.count()
  const clientCount = (await clients.list(id)).length
  throw new Failure(
    'misconfigured',
    `Nothing was removed. The tenant '${id}' (${found.name}) has ${counted(tokenCount, 'content token')} and ${counted(clientCount, 'client')}, which would be gone for good. To remove them, repeat the command with --yes.`,
    { property: 'yes' },
  )
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}

function factsOf({ id, name, status, createdAt }: Tenant) {
  return { tenantId: id, name, status, createdDateTime: createdAt }
}

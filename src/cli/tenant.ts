/** `pomona tenant add`: registers an organization whose tokens are kept apart. */
import type { Command } from 'commander'
import { addTenant } from '../domain/tenants/add-tenant.ts'
import { instanceSettings, withInstance } from './instance.ts'
import { addOutput, addSettings, settingsOf } from './options.ts'
import { type OutputForm, printJson, say } from './output.ts'

interface Given {
  readonly id: string
  readonly name: string
  readonly output: OutputForm
}

export function tenantCommands(program: Command): void {
  const tenant = program.command('tenant').description('Organizations whose tokens are kept apart')
  const add = tenant
    .command('add')
    .description('Register an organization')
    .requiredOption('--id <ID>', 'its tenant id, a GUID')
    .requiredOption('--name <NAME>', 'its name, for people')
  addOutput(addSettings(add, instanceSettings)).action(async ({ id, name, output }: Given) => {
    const added = await withInstance(settingsOf(add, instanceSettings), (instance) =>
      addTenant(instance, { id, name }),
    )
    if (output === 'json') printJson({ tenantId: added.id, name: added.name, status: added.status })
    else say(`Tenant ${added.id} (${added.name}) is registered.`)
  })
}

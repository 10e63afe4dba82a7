/** `pomona client add`: lets an application act in a tenant. Its secret is shown once and kept nowhere. */
import type { Command } from 'commander'
import { addClient } from '../domain/tenants/add-client.ts'
import { knownPermissions } from '../graph/scopes.ts'
import { newClientSecret } from '../issuer/client-secret.ts'
import { Failure } from '../model/failure.ts'
import { nearestName } from '../model/payload/nearest-name.ts'
import { instanceSettings, withInstance } from './instance.ts'
import { addOutput, addSettings, settingsOf } from './options.ts'
import { type OutputForm, printJson, say } from './output.ts'

interface Given {
  readonly tenant: string
  readonly name: string
  readonly role: readonly string[]
  readonly output: OutputForm
}

export function clientCommands(program: Command): void {
  const client = program.command('client').description('Applications that may sign in')
  const add = client
    .command('add')
    .description('Register an application of a tenant and show its secret, once')
    .requiredOption('--tenant <ID>', 'the tenant it belongs to')
    .requiredOption('--role <NAME...>', 'Graph permissions it is granted')
    .option('--name <NAME>', 'its name, for people', 'client')
  addOutput(addSettings(add, instanceSettings)).action(
    async ({ tenant, name, role, output }: Given) => {
      const roles = [...new Set(role.map(knownRole))]
      const { secret, secretHash } = newClientSecret()
      const added = await withInstance(settingsOf(add, instanceSettings), (instance) =>
        addClient(instance, { tenantId: tenant, name, roles, secretHash }),
      )
      const shown = { tenantId: added.tenantId, clientId: added.id, clientSecret: secret }
      if (output === 'json') printJson(shown)
      else {
        say(`tenantId      ${shown.tenantId}`)
        say(`clientId      ${shown.clientId}`)
        say(`clientSecret  ${shown.clientSecret}`)
        say('The secret is shown this once. Keep it where your other secrets are.')
      }
    },
  )
}

function knownRole(given: string): string {
  const found = knownPermissions.find((role) => role.toLowerCase() === given.toLowerCase())
  if (found !== undefined) return found
  const nearest = nearestName(given, knownPermissions)
  const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`
  throw new Failure(
    'misconfigured',
    `The role '${given}' is none of Graph's permissions that Pomona knows.${hint} Known: ${knownPermissions.join(', ')}.`,
    { property: 'role' },
  )
}

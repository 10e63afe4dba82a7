/** `pomona client add|list|rotate|remove`: the applications that may act in a tenant. A new secret is shown once, or kept in a profile. */
import type { Command } from 'commander'
import { addClient } from '../domain/tenants/add-client.ts'
import { rotateClient } from '../domain/tenants/rotate-client.ts'
import { absentTenant } from '../domain/tenants/tenant-status.ts'
import { newClientSecret } from '../issuer/client-secret.ts'
import { Failure } from '../model/failure.ts'
import type { Client } from '../model/tenant.ts'
import { clientFacts, clientIds } from './client-facts.ts'
import { removeClientCommand } from './client-remove.ts'
import { instanceSettings, withInstance } from './instance.ts'
import { knownRole } from './known-role.ts'
import { addSettings, settingsOf, sourcesOf } from './options.ts'
import { type Facts, printFacts, say } from './output.ts'
import { draftProfile, profilePath, readProfile, writeProfile } from './profile.ts'
import { profilePlace } from './profile-place.ts'
import { addOutput, answer, type OutputForm, printRows } from './row-output.ts'
import { shortTime } from './short-time.ts'
import { tenantId } from './tenant-id.ts'

interface Asked {
  readonly tenant: string
  readonly output: OutputForm
}

export function clientCommands(program: Command): void {
  const client = program.command('client').description('Applications that may sign in')
  addCommand(client)
  listCommand(client)
  rotateCommand(client)
  removeClientCommand(client)
}

function addCommand(client: Command): void {
  const add = ofTenant(client, 'add', 'Register an application of a tenant; show its secret, once')
    .requiredOption('--role <NAME...>', 'Graph permissions it is granted')
    .option('--name <NAME>', 'its name, for people', 'client')
    .option(
      '--profile <NAME>',
      'keep secret and address (--origin, else as these settings have it) in a profile for other commands instead',
    )
  addSettings(add, [...instanceSettings, 'origin', 'ca-file']).action(
    async (
      given: Asked & {
        readonly name: string
        readonly role: readonly string[]
        readonly profile?: string
      },
    ) => {
      const { name, profile } = given
      const tenant = tenantId(given.tenant)
      const roles = [...new Set(given.role.map(knownRole))]
      const settings = settingsOf(add, instanceSettings)
      const place = profile === undefined ? undefined : profilePlace(sourcesOf(add))
      const { secret, secretHash } = newClientSecret()
      const register = () =>
        withInstance(settings, (instance) =>
          addClient(instance, { tenantId: tenant, name, roles, secretHash }),
        )
      if (profile === undefined || place === undefined)
        return showSecret(await register(), secret, given.output)
      const draft = await draftProfile(profile)
      const added = await register().catch(async (error: unknown) => {
        await draft.discard()
        throw error
      })
      const { origin, ...ca } = place
      await draft.write({
        origin,
        tenant: added.tenantId,
        'client-id': added.id,
        'client-secret': secret,
        ...ca,
      })
      showProfile(added, { file: draft.path, origin }, given.output)
    },
  )
}

function listCommand(client: Command): void {
  const list = ofTenant(client, 'list', 'List the applications of a tenant')
  addSettings(list, instanceSettings).action(async ({ tenant, output }: Asked) => {
    const id = tenantId(tenant)
    const clients = await withInstance(settingsOf(list, instanceSettings), async ({ storage }) => {
      const { reads } = storage.instance
      if (!(await reads.tenants.find(id))) throw absentTenant(id)
      return reads.clients.list(id)
    })
    printRows(output, clients.map(clientFacts), clientTable)
  })
}

const clientTable = {
  head: ['CLIENT', 'NAME', 'ROLES', 'REGISTERED'],
  cells: ({ clientId, name, roles, createdDateTime }: ReturnType<typeof clientFacts>) => [
    clientId,
    name,
    roles.join(', '),
    shortTime(createdDateTime),
  ],
}

function rotateCommand(client: Command): void {
  const rotate = ofTenant(client, 'rotate', 'Give an application a new secret; show it, once')
    .argument('<CLIENT>', 'the client id')
    .option('--profile <NAME>', 'put the secret into its profile instead')
  addSettings(rotate, instanceSettings).action(
    async (id: string, given: Asked & { readonly profile?: string }) => {
      const settings = settingsOf(rotate, instanceSettings)
      const { profile, output } = given
      const tenant = tenantId(given.tenant)
      const kept = profile === undefined ? undefined : await profileOf(profile, id)
      const { secret, secretHash } = newClientSecret()
      const rotated = await withInstance(settings, (instance) =>
        rotateClient(instance, { tenantId: tenant, id, secretHash }),
      )
      if (profile === undefined || kept === undefined) return showSecret(rotated, secret, output)
      await writeProfile(profilePath(profile), { ...kept, 'client-secret': secret })
      showProfile(rotated, { file: profilePath(profile), origin: kept.origin }, output)
    },
  )
}

/** The profile, once it is sure that it is this client's. */
async function profileOf(name: string, clientId: string) {
  const profile = await readProfile(name)
  if (profile['client-id'] !== clientId.toLowerCase())
    throw new Failure(
      'misconfigured',
      `The profile '${name}' is of another client (${profile['client-id']}). Nothing was changed.`,
      { property: 'profile' },
    )
  return profile
}

function ofTenant(client: Command, name: string, description: string): Command {
  return addOutput(
    client
      .command(name)
      .description(description)
      .requiredOption('--tenant <ID>', 'the tenant it belongs to'),
  )
}

function showSecret(client: Client, secret: string, output: OutputForm): void {
  answer(output, {
    whole: { ...clientIds(client), clientSecret: secret },
    people: () => {
      showIds(client, ['clientSecret', secret])
      say('The secret is shown this once. Keep it where your other secrets are.')
    },
  })
}

function showProfile(
  client: Client,
  { file, origin }: { readonly file: string; readonly origin: string },
  output: OutputForm,
): void {
  answer(output, {
    whole: { ...clientIds(client), profileFile: file, origin },
    people: () => {
      showIds(client, ['profileFile', file], ['origin', origin])
      say('The secret is in that file, which only you may read.')
      say(
        `Commands with this profile call ${origin}. If the service is elsewhere, change "origin" in`,
      )
      say(
        'that file, or give --origin URL: here, to have it in the profile, or to a single command.',
      )
    },
  })
}

function showIds({ tenantId, id }: Client, ...more: Facts): void {
  printFacts([['tenantId', tenantId], ['clientId', id], ...more])
}

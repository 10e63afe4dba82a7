/** `pomona client remove CLIENT`: shows first who can then no longer sign in. */
import type { Command } from 'commander'
import { absentClient, removeClient } from '../domain/tenants/remove-client.ts'
import { absentTenant } from '../domain/tenants/tenant-status.ts'
import type { Client } from '../model/tenant.ts'
import { clientFacts, clientIds } from './client-facts.ts'
import { addConsent, type Consent, isAgreed, type Loss } from './consent.ts'
import { instanceSettings, withInstance } from './instance.ts'
import { addSettings, settingsOf } from './options.ts'
import { factLines, say } from './output.ts'
import { addOutput, answer } from './row-output.ts'
import { shortTime } from './short-time.ts'
import { tenantId } from './tenant-id.ts'

interface Asked extends Consent {
  readonly tenant: string
}

export function removeClientCommand(client: Command): void {
  const remove = client
    .command('remove')
    .description('Take an application its access')
    .argument('<CLIENT>', 'the client id')
    .requiredOption('--tenant <ID>', 'the tenant it belongs to')
  addOutput(addSettings(addConsent(remove), instanceSettings)).action((id: string, asked: Asked) =>
    withInstance(settingsOf(remove, instanceSettings), async (instance) => {
      const [tenant, clientId] = [tenantId(asked.tenant), id.toLowerCase()]
      const { tenants, clients } = instance.storage.instance.reads
      if (!(await tenants.find(tenant))) throw absentTenant(tenant)
      const found = await clients.find(tenant, clientId)
      if (!found) throw absentClient(tenant, clientId)
      if (!(await isAgreed(asked, lossOf(found)))) return
      const removed = await removeClient(instance, { tenantId: tenant, id: clientId })
      answer(asked.output, {
        whole: { ...clientIds(removed), name: removed.name, removed: true },
        people: () =>
          say(`Client ${removed.id} (${removed.name}) is removed and can no longer sign in.`),
      })
    }),
  )
}

function lossOf(client: Client): Loss {
  return {
    lines: [
      ...factLines([
        ['client', client.id],
        ['name', client.name],
        ['roles', client.roles.join(', ')],
        ['registered', shortTime(client.createdAt)],
      ]),
      'Whoever signs in as this client would be refused at once. Its secret cannot be had back.',
    ],
    facts: { ...clientFacts(client), removed: false },
  }
}

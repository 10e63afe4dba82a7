/** `pomona license …`: licences of a location, through the API of a running service. */
import type { Command } from 'commander'
import { type IntentView, type LicenseView, licenseApi } from '../client/license-api.ts'
import { callerSettingNames } from '../config/settings.ts'
import { assignCommand, reclaimCommand, unassignCommand } from './license-change.ts'
import { showIntent } from './license-receipts-view.ts'
import { adamIdIn, oneSerialNumber } from './named-items.ts'
import { addSettings } from './options.ts'
import { addOutput, type OutputForm, printRows } from './row-output.ts'
import { shortTime } from './short-time.ts'
import { withApi } from './sign-in.ts'
import { tokenId } from './token-id.ts'

export function licenseCommands(program: Command): void {
  const license = program
    .command('license')
    .description('Licences of apps and books, through the API of a running service')
  listCommand(license)
  changesCommand(license)
  showCommand(license)
  assignCommand(license)
  unassignCommand(license)
  reclaimCommand(license)
}

interface Asked {
  readonly output: OutputForm
}

function listCommand(license: Command): void {
  const list = license
    .command('list')
    .description('List who holds a licence, as the last sync found it')
    .argument('<TOKEN>', 'the id of the token')
    .option('--app <ADAMID>', 'only of this app or book')
    .option('--device <SERIAL>', 'only what this device holds')
    .option('--user <ID>', 'only what this user holds')
  addOutput(addSettings(list, callerSettingNames)).action(
    async (
      id: string,
      asked: Asked & { readonly app?: string; readonly device?: string; readonly user?: string },
    ) => {
      const { app, device, user, output } = asked
      const filter = {
        ...(app === undefined ? {} : { adamId: adamIdIn(app) }),
        ...(device === undefined ? {} : { serialNumber: oneSerialNumber(device) }),
        ...(user === undefined ? {} : { clientUserId: user }),
      }
      const licenses = await withApi(list, (api) => licenseApi(api).licenses(tokenId(id), filter))
      printRows(output, licenses, licenseTable)
    },
  )
}

const licenseTable = {
  head: ['APP', 'NAME', 'QUALITY', 'DEVICE', 'USER', 'E-MAIL'],
  cells: (license: LicenseView) => [
    license.adamId,
    license.displayName ?? '-',
    license.pricingParam,
    license.serialNumber ?? '-',
    license.clientUserId ?? '-',
    license.userEmailAddress ?? '-',
  ],
}

function changesCommand(license: Command): void {
  const changes = license
    .command('changes')
    .description('List the changes of licences and users that were asked for, newest first')
    .argument('<TOKEN>', 'the id of the token')
  addOutput(addSettings(changes, callerSettingNames)).action(
    async (id: string, { output }: Asked) => {
      const intents = await withApi(changes, (api) => licenseApi(api).intents(tokenId(id)))
      printRows(output, intents, changeTable)
    },
  )
}

const changeTable = {
  head: ['CHANGE', 'ASKED FOR', 'ACTION', 'STATUS', 'DONE/ALL', 'FAILED', 'UNKNOWN'],
  cells: (intent: IntentView) => [
    intent.id,
    shortTime(intent.createdDateTime),
    intent.action,
    intent.status,
    `${intent.doneCount}/${intent.totalCount}`,
    String(intent.failedCount),
    String(intent.unknownCount),
  ],
}

function showCommand(license: Command): void {
  const show = license
    .command('show')
    .description('Show how far a change has come, and what was not done')
    .argument('<CHANGE>', 'its id')
    .option('--all', 'every receipt, not only what was not done', false)
  addOutput(addSettings(show, callerSettingNames)).action(
    (id: string, { output, all }: Asked & { readonly all: boolean }) =>
      withApi(show, async (api) => showIntent(api, output, await licenseApi(api).intent(id), all)),
  )
}

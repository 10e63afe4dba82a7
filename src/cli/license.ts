/** `pomona license list|show|assign|unassign|reclaim`: licences of a location, through the API of a running service. */
import { type Command, Option } from 'commander'
import { type IntentView, type LicenseView, licenseApi } from '../client/license-api.ts'
import { callerSettingNames } from '../config/settings.ts'
import { Failure } from '../model/failure.ts'
import { carryOut, type HowToDo, showIntent } from './license-order.ts'
import { addSettings } from './options.ts'
import { addOutput, type OutputForm, printRows } from './row-output.ts'
import { readSerialNumbers } from './serial-numbers.ts'
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
  pairsCommand(license, 'assign', 'Give licences of apps or books to devices or users')
  pairsCommand(license, 'unassign', 'Take licences of apps or books back from devices or users')
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
        ...(app === undefined ? {} : { adamId: app }),
        ...(device === undefined ? {} : { serialNumber: device }),
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
    .description('List the changes of licences and users that were asked for')
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
      withApi(show, async (api) => {
        const licenses = licenseApi(api)
        showIntent(output, await licenses.intent(id), await licenses.receipts(id, all))
      }),
  )
}

interface Pairs extends HowToDo {
  readonly app: readonly string[]
  readonly quality: string
  readonly device?: readonly string[]
  readonly user?: readonly string[]
  readonly devices?: string
}

function pairsCommand(license: Command, action: 'assign' | 'unassign', what: string): void {
  const command = license
    .command(action)
    .description(what)
    .argument('<TOKEN>', 'the id of the token')
    .requiredOption('--app <ADAMID...>', 'the apps or books, by their numbers at Apple')
    .addOption(
      new Option('--quality <PARAM>', 'of books: standard or high')
        .choices(['STDQ', 'PLUS'])
        .default('STDQ'),
    )
    .option('--device <SERIAL...>', 'the devices')
    .option('--devices <FILE>', 'the devices, one serial number per line; - reads standard input')
    .option('--user <ID...>', 'the users')
  addHowToDo(command).action(async (id: string, asked: Pairs) => {
    const serialNumbers =
      asked.devices === undefined ? asked.device : await readSerialNumbers(asked.devices)
    requireOne('--device, --devices or --user', [asked.device, asked.devices, asked.user])
    await carryOut(command, tokenId(id), asked, {
      action,
      assets: asked.app.map((adamId) => ({ adamId, pricingParam: asked.quality })),
      ...(serialNumbers === undefined ? { clientUserIds: asked.user } : { serialNumbers }),
    })
  })
}

interface Reclaim extends HowToDo {
  readonly app?: string
  readonly device?: string
  readonly user?: string
  readonly orphans?: string
  readonly all: boolean
}

function reclaimCommand(license: Command): void {
  const reclaim = license
    .command('reclaim')
    .description('Take licences back by where they are; what cannot be taken back stays')
    .argument('<TOKEN>', 'the id of the token')
    .option('--device <SERIAL>', 'everything that this device holds')
    .option('--user <ID>', 'everything that this user holds')
    .option('--app <ADAMID>', 'every licence of this app or book')
    .option('--all', 'every licence of the location', false)
    .option(
      '--orphans <FILE>',
      'what devices hold that are not in this list of all of yours; one serial number per line, - reads standard input',
    )
  addHowToDo(reclaim).action(async (id: string, asked: Reclaim) => {
    const { device, user, app, orphans, all } = asked
    requireOne('--device, --user, --app, --all or --orphans', [
      ...[device, user, app, orphans],
      all || undefined,
    ])
    await carryOut(reclaim, tokenId(id), asked, {
      action: 'reclaim',
      ...(device === undefined ? {} : { serialNumber: device }),
      ...(user === undefined ? {} : { clientUserId: user }),
      ...(app === undefined ? {} : { adamId: app }),
      ...(all ? { everything: true } : {}),
      ...(orphans === undefined ? {} : { knownSerialNumbers: await readSerialNumbers(orphans) }),
    })
  })
}

export function addHowToDo(command: Command): Command {
  command
    .option('--dry-run', 'show what would change, and change nothing', false)
    .option('--wait', 'until it has ended; exit code 1 when not all of it was done', false)
  return addOutput(addSettings(command, callerSettingNames))
}

function requireOne(names: string, given: readonly unknown[]): void {
  if (given.filter((one) => one !== undefined).length === 1) return
  throw new Failure('misconfigured', `Give one of ${names}, and only one.`)
}

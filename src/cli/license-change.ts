/** `pomona license assign|unassign|reclaim`. */
import { type Command, Option } from 'commander'
import type { LicenseOrder } from '../client/license-api.ts'
import { Failure } from '../model/failure.ts'
import { addHowToGive, addHowToTake, carryOut, type HowToDo } from './license-order.ts'
import { adamIdIn, adamIdsIn, oneSerialNumber, serialNumbersNamed } from './named-items.ts'
import { readSerialNumbers } from './serial-numbers.ts'
import { tokenId } from './token-id.ts'

interface Pairs extends HowToDo {
  readonly app: readonly string[]
  readonly quality: string
  readonly device?: readonly string[]
  readonly user?: readonly string[]
  readonly devices?: string
}

export function assignCommand(license: Command): void {
  const assign = withPairs(license.command('assign')).description(
    'Give licences of apps or books to devices or users',
  )
  addHowToGive(assign).action(async (id: string, asked: Pairs) =>
    carryOut(assign, tokenId(id), asked, { order: await pairsOf('assign', asked) }),
  )
}

export function unassignCommand(license: Command): void {
  const unassign = withPairs(license.command('unassign')).description(
    'Take licences of apps or books back from devices or users; shows first which',
  )
  addHowToTake(unassign).action(async (id: string, asked: Pairs) => {
    const order = await pairsOf('unassign', asked)
    await carryOut(unassign, tokenId(id), asked, { order, takesAway: true })
  })
}

function withPairs(command: Command): Command {
  return command
    .argument('<TOKEN>', 'the id of the token')
    .requiredOption(
      '--app <ADAMID...>',
      'the apps or books, by their numbers at Apple; spaces or commas between several',
    )
    .addOption(
      new Option('--quality <PARAM>', 'of books: standard (STDQ) or high (PLUS)')
        .choices(['STDQ', 'PLUS'])
        .default('STDQ'),
    )
    .option('--device <SERIAL...>', 'the devices; spaces or commas between several')
    .option('--devices <FILE>', 'the devices, one serial number per line; - reads standard input')
    .option('--user <ID...>', 'the users; spaces between several')
}

async function pairsOf(action: 'assign' | 'unassign', asked: Pairs): Promise<LicenseOrder> {
  const { app, quality, device, devices, user } = asked
  requireOne('--device, --devices or --user', [device, devices, user])
  const assets = adamIdsIn(app).map((adamId) => ({ adamId, pricingParam: quality }))
  if (user !== undefined) return { action, assets, clientUserIds: user }
  const serialNumbers =
    devices === undefined ? serialNumbersNamed(device ?? []) : await readSerialNumbers(devices)
  return { action, assets, serialNumbers }
}

interface Reclaim extends HowToDo {
  readonly app?: string
  readonly device?: string
  readonly user?: string
  readonly orphans?: string
  readonly all: boolean
}

export function reclaimCommand(license: Command): void {
  const reclaim = license
    .command('reclaim')
    .description(
      'Take licences back by where they are; shows first which; what cannot be taken back stays',
    )
    .argument('<TOKEN>', 'the id of the token')
    .option('--device <SERIAL>', 'everything that this device holds')
    .option('--user <ID>', 'everything that this user holds')
    .option('--app <ADAMID>', 'every licence of this app or book')
    .option('--all', 'every licence of the location', false)
    .option(
      '--orphans <FILE>',
      'what devices hold that are not in this list of all of yours; one serial number per line, - reads standard input',
    )
  addHowToTake(reclaim).action(async (id: string, asked: Reclaim) => {
    const { device, user, app, orphans, all } = asked
    requireOne('--device, --user, --app, --all or --orphans', [
      ...[device, user, app, orphans],
      all || undefined,
    ])
    const order: LicenseOrder = {
      action: 'reclaim',
      ...(device === undefined ? {} : { serialNumber: oneSerialNumber(device) }),
      ...(user === undefined ? {} : { clientUserId: user }),
      ...(app === undefined ? {} : { adamId: adamIdIn(app) }),
      ...(all ? { everything: true } : {}),
      ...(orphans === undefined ? {} : { knownSerialNumbers: await readSerialNumbers(orphans) }),
    }
    await carryOut(reclaim, tokenId(id), asked, { order, takesAway: true })
  })
}

function requireOne(names: string, given: readonly unknown[]): void {
  if (given.filter((one) => one !== undefined).length === 1) return
  throw new Failure('misconfigured', `Give one of ${names}, and only one.`)
}

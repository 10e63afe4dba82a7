/** `pomona user list|create|update|retire`: users registered at a location, through the API of a running service. */
import type { Command } from 'commander'
import { licenseApi, type UserView } from '../client/license-api.ts'
import { callerSettingNames } from '../config/settings.ts'
import { addHowToGive, addHowToTake, carryOut, type HowToDo } from './license-order.ts'
import { addSettings } from './options.ts'
import { addOutput, type OutputForm, printRows } from './row-output.ts'
import { withApi } from './sign-in.ts'
import { tokenId } from './token-id.ts'

export function userCommands(program: Command): void {
  const user = program
    .command('user')
    .description('Users registered at a location, through the API of a running service')
  listCommand(user)
  changeCommand(user, 'create', 'Register a user')
  changeCommand(user, 'update', 'Change the address of a user')
  retireCommand(user)
}

function listCommand(user: Command): void {
  const list = user
    .command('list')
    .description('List the users, as the last sync found them')
    .argument('<TOKEN>', 'the id of the token')
    .option('--all', 'retired ones too', false)
  addOutput(addSettings(list, callerSettingNames)).action(
    async (id: string, { all, output }: { readonly all: boolean; readonly output: OutputForm }) => {
      const users = await withApi(list, (api) => licenseApi(api).users(tokenId(id), all))
      printRows(output, users, userTable)
    },
  )
}

const userTable = {
  head: ['USER', 'E-MAIL', 'STATUS', 'INVITATION'],
  cells: ({ clientUserId, email, status, inviteCode }: UserView) => [
    clientUserId,
    email ?? '-',
    status,
    inviteCode ?? '-',
  ],
}

interface Change extends HowToDo {
  readonly email?: string
  readonly appleAccount?: string
}

function changeCommand(user: Command, word: 'create' | 'update', what: string): void {
  const command = user
    .command(word)
    .description(what)
    .argument('<TOKEN>', 'the id of the token')
    .argument('<ID>', 'the id of the user, as you choose it')
    .option('--email <ADDRESS>', 'where an invitation goes')
    .option('--apple-account <ACCOUNT>', 'the managed Apple Account that the user is')
  addHowToGive(command).action((id: string, clientUserId: string, asked: Change) => {
    const { email, appleAccount } = asked
    const one = {
      clientUserId,
      ...(email === undefined ? {} : { email }),
      ...(appleAccount === undefined ? {} : { managedAppleId: appleAccount }),
    }
    const order = { action: `${word}Users`, users: [one] }
    return carryOut(command, tokenId(id), asked, { order })
  })
}

function retireCommand(user: Command): void {
  const retire = user
    .command('retire')
    .description('Withdraw users; licences that can be taken back return; shows first which users')
    .argument('<TOKEN>', 'the id of the token')
    .argument('<ID...>', 'their ids')
  addHowToTake(retire).action((id: string, clientUserIds: readonly string[], asked: HowToDo) =>
    carryOut(retire, tokenId(id), asked, {
      order: {
        action: 'retireUsers',
        users: clientUserIds.map((clientUserId) => ({ clientUserId })),
      },
      takesAway: true,
    }),
  )
}

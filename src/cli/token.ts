/** `pomona token list|show|sync|owner|claim|release|history|remove`: content tokens, through the API of a running service. */

import { setTimeout as delay } from 'node:timers/promises'
import type { Command } from 'commander'
import { type Patience, waitForSync } from '../client/wait-for-sync.ts'
import { callerSettingNames } from '../config/settings.ts'
import { Failure } from '../model/failure.ts'
import { tokenName } from '../model/token-name.ts'
import { addSettings } from './options.ts'
import { remark, say } from './output.ts'
import { addOutput, answer, type OutputForm, printRows } from './row-output.ts'
import { withTokenApi } from './sign-in.ts'
import { addTokenCommand } from './token-add.ts'
import { historyCommand } from './token-history.ts'
import { tokenId } from './token-id.ts'
import { ownerCommands } from './token-owner.ts'
import { removeTokenCommand } from './token-remove.ts'
import { renewTokenCommand } from './token-renew.ts'
import { printToken, tokenTable } from './token-view.ts'

interface Asked {
  readonly output: OutputForm
}

/** Apple may ask for long pauses; whoever is less patient stops the command, not the sync. */
const patience: Patience = {
  pollMs: 500,
  limitMs: 3_600_000,
  now: () => performance.now(),
  sleep: (ms) => delay(ms),
}

export function tokenCommands(program: Command): void {
  const token = program
    .command('token')
    .description('Content tokens (.vpptoken), through the API of a running service')
  addTokenCommand(token)
  listCommand(token)
  showCommand(token)
  renewTokenCommand(token)
  syncCommand(token)
  ownerCommands(token)
  historyCommand(token)
  removeTokenCommand(token)
}

function listCommand(token: Command): void {
  const list = token.command('list').description('List the content tokens of the tenant')
  addOutput(addSettings(list, callerSettingNames)).action(async ({ output }: Asked) => {
    printRows(output, await withTokenApi(list, (api) => api.list()), tokenTable)
  })
}

function showCommand(token: Command): void {
  const show = token
    .command('show')
    .description('Show one content token')
    .argument('<ID>', 'its id')
  addOutput(addSettings(show, callerSettingNames)).action(async (id: string, { output }: Asked) => {
    const found = await withTokenApi(show, (api) => api.get(tokenId(id)))
    answer(output, { whole: found, people: () => printToken(found) })
  })
}

function syncCommand(token: Command): void {
  const sync = token
    .command('sync')
    .description('Sync a content token with Apple now')
    .argument('<ID>', 'its id')
    .option('--wait', 'until the sync has ended; exit code 1 when it failed', false)
  addOutput(addSettings(sync, callerSettingNames)).action(
    async (id: string, { wait, output }: Asked & { readonly wait: boolean }) => {
      const { isUnderWay, found } = await withTokenApi(sync, async (api) => {
        const isUnderWay = await api.requestSync(tokenId(id))
        const found =
          wait && isUnderWay ? await waitForSync(api, id, patience) : await api.get(tokenId(id))
        return { isUnderWay, found }
      })
      answer(output, {
        whole: found,
        people: () => {
          if (wait) printToken(found)
          else if (isUnderWay) say(`The sync of ${tokenName(found)} is under way.`)
        },
      })
      if (!isUnderWay)
        throw new Failure(
          'unavailable',
          'No sync has begun: the service asks nobody (its setting apple-mode is off).',
        )
      if (wait && found.lastSyncStatus !== 'completed') {
        remark(`the sync failed. ${found.stateMessage ?? ''}`)
        process.exitCode = 1
      }
    },
  )
}

/** `pomona token list|show|sync|owner|claim|release|history|remove`: content tokens, through the API of a running service. */

import { setTimeout as delay } from 'node:timers/promises'
import type { Command } from 'commander'
import { historyApi } from '../client/history-api.ts'
import { type TokenView, tokenApi } from '../client/token-api.ts'
import { type Patience, waitForSync } from '../client/wait-for-sync.ts'
import { callerSettingNames } from '../config/settings.ts'
import { Failure } from '../model/failure.ts'
import { tokenName } from '../model/token-name.ts'
import { addSettings } from './options.ts'
import { remark, say } from './output.ts'
import { addOutput, answer, type OutputForm, printRows } from './row-output.ts'
import { withApi, withTokenApi } from './sign-in.ts'
import { causeOf, findTrouble, type SyncTrouble } from './sync-trouble.ts'
import { addTokenCommand } from './token-add.ts'
import { historyCommand } from './token-history.ts'
import { tokenId } from './token-id.ts'
import { ownerCommands } from './token-owner.ts'
import { removeTokenCommand } from './token-remove.ts'
import { renewTokenCommand } from './token-renew.ts'
import { printToken, time, tokenTable } from './token-view.ts'

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
    const { found, trouble } = await withApi(show, async (api) => {
      const found = await tokenApi(api).get(tokenId(id))
      return { found, trouble: await findTrouble(historyApi(api), found, new Date()) }
    })
    answer(output, { whole: whole(found, trouble), people: () => printToken(found, trouble) })
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
      const { isUnderWay, found, trouble } = await withApi(sync, async (api) => {
        const tokens = tokenApi(api)
        const isUnderWay = await tokens.requestSync(tokenId(id))
        const found =
          wait && isUnderWay
            ? await waitForSync(tokens, id, patience)
            : await tokens.get(tokenId(id))
        const trouble = wait ? await findTrouble(historyApi(api), found, new Date()) : undefined
        return { isUnderWay, found, trouble }
      })
      answer(output, {
        whole: whole(found, trouble),
        people: () => {
          if (wait) printToken(found, trouble)
          else if (isUnderWay) say(`The sync of ${tokenName(found)} is under way.`)
        },
      })
      if (!isUnderWay)
        throw new Failure(
          'unavailable',
          'No sync has begun: the service asks nobody (its setting apple-mode is off).',
        )
      if (wait && found.lastSyncStatus !== 'completed') {
        remark(failure(found, trouble))
        process.exitCode = 1
      }
    },
  )
}

/** What programs get: of a failed sync its cause as well. */
function whole(token: TokenView, trouble: SyncTrouble | undefined): object {
  return trouble ? { ...token, lastSyncTrouble: trouble } : token
}

function failure({ id }: TokenView, trouble: SyncTrouble | undefined): string {
  if (!trouble) return `the sync failed. See what is kept of it with: pomona token history ${id}.`
  const { message, nextSyncDateTime, recommendedAction } = trouble
  // Of passing troubles the sentence tells it already.
  const next = message.includes('Next attempt') ? '' : ` Next attempt ${time(nextSyncDateTime)}.`
  return `the sync failed. ${message}${next} To do: ${recommendedAction}. Cause: ${causeOf(trouble)}.`
}

/** `pomona app list`: apps and books with their licences; those that run short, when asked. */
import { type Command, InvalidArgumentError } from 'commander'
import { type AppView, listApps } from '../client/library-api.ts'
import { tokenApi } from '../client/token-api.ts'
import { callerSettingNames } from '../config/settings.ts'
import { isLow, type LowMark, lowMark } from './low-mark.ts'
import { addSettings } from './options.ts'
import { addOutput, type OutputForm, printRows } from './row-output.ts'
import { withApi } from './sign-in.ts'
import { tokenId } from './token-id.ts'

interface Asked {
  readonly low?: LowMark
  readonly token?: string
  readonly output: OutputForm
}

export function appCommands(program: Command): void {
  const app = program
    .command('app')
    .description('Apps and books of the content tokens, through the API of a running service')
  const list = app
    .command('list')
    .description('List apps and books with their licences')
    .option(
      '--low <MARK>',
      'only those with so few licences left: a number, or a share as 10%',
      mark,
    )
    .option('--token <ID>', 'only those under this content token')
  addOutput(addSettings(list, callerSettingNames)).action(async ({ low, token, output }: Asked) => {
    const id = token === undefined ? undefined : tokenId(token)
    const apps = await withApi(list, async (api) => {
      // No apps, or no such token: only the token itself can tell.
      if (id !== undefined) await tokenApi(api).get(id)
      return listApps(api, id)
    })
    const shown = low === undefined ? apps : apps.filter((one) => isLow(one, low))
    printRows(output, shown, appTable)
  })
}

function mark(text: string): LowMark {
  const read = lowMark(text)
  if (!read) throw new InvalidArgumentError('Give a number or a percentage, such as 5 or 10%.')
  return read
}

const appTable = {
  head: ['ADAMID', 'NAME', 'KIND', 'USED', 'AVAILABLE', 'TOTAL', 'TOKEN'],
  cells: (app: AppView) => [
    app.adamId,
    app.displayName ?? '-',
    app.contentKind,
    String(app.usedLicenseCount),
    app.isUnlimited ? 'unlimited' : String(app.availableLicenseCount),
    app.isUnlimited ? 'unlimited' : String(app.totalLicenseCount),
    app.tokenId,
  ],
}

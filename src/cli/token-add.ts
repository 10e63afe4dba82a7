/** `pomona token add FILE`: stores a content token once everything speaks for it. */

import { basename } from 'node:path'
import { type Command, Option } from 'commander'
import type { NewToken } from '../client/token-api.ts'
import { callerSettingNames } from '../config/settings.ts'
import { tokenName } from '../model/token-name.ts'
import { vppTokenAccountType } from '../model/vpp-token-types.ts'
import { checkWithService, readSoundFile } from './checked-token.ts'
import { addSettings } from './options.ts'
import { say } from './output.ts'
import { requireOneInput } from './read-input.ts'
import { addOutput, answer, type OutputForm } from './row-output.ts'
import { withTokenApi } from './sign-in.ts'
import { day } from './token-view.ts'

interface Asked {
  readonly name?: string
  readonly appleId?: string
  readonly accountType?: string
  readonly country?: string
  readonly output: OutputForm
}

export function addTokenCommand(token: Command): void {
  const add = token
    .command('add')
    .description('Store a content token; refused when it is of no use')
    .argument('<FILE>', 'the .vpptoken file; - reads standard input')
    .option('--name <NAME>', 'its name, for people; otherwise that of its location')
    .option('--apple-id <ACCOUNT>', 'the account that downloaded it')
    .addOption(
      new Option('--account-type <TYPE>', 'where it comes from').choices(
        Object.keys(vppTokenAccountType.members),
      ),
    )
    .option('--country <CODE>', 'the storefront, two letters')
  addOutput(addSettings(add, callerSettingNames)).action(async (file: string, asked: Asked) => {
    requireOneInput(file, add.opts<{ clientSecretFile?: string }>().clientSecretFile)
    const text = await readSoundFile(file)
    const added = await withTokenApi(add, async (api) => {
      const { location, organizationName } = await checkWithService(api, text, { file })
      const otherwise = location?.name ?? organizationName ?? basename(file)
      return api.get(await api.add(newToken(text, asked, otherwise)))
    })
    answer(asked.output, {
      whole: added,
      people: () =>
        say(
          `${tokenName(added)} is stored as ${added.id}; it expires on ${day(added.expirationDateTime)}. Its first sync is under way.`,
        ),
    })
  })
}

function newToken(token: string, asked: Asked, otherwise: string): NewToken {
  const { name, appleId, accountType, country } = asked
  return {
    displayName: name ?? otherwise,
    token,
    ...(appleId === undefined ? {} : { appleId }),
    ...(accountType === undefined ? {} : { vppTokenAccountType: accountType }),
    ...(country === undefined ? {} : { countryOrRegion: country }),
  }
}

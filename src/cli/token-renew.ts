/** `pomona token renew ID FILE`: puts a newer content token of the same location in place; id, counts and history stay. */

import type { Command } from 'commander'
import type { TokenView } from '../client/token-api.ts'
import { callerSettingNames } from '../config/settings.ts'
import { Failure } from '../model/failure.ts'
import { tokenName } from '../model/token-name.ts'
import { checkWithService, olderClass, readSoundFile } from './checked-token.ts'
import { addSettings } from './options.ts'
import { say } from './output.ts'
import { requireOneInput } from './read-input.ts'
import { addOutput, answer, type OutputForm } from './row-output.ts'
import { shellWord } from './shell-word.ts'
import { withTokenApi } from './sign-in.ts'
import { tokenId } from './token-id.ts'
import { day, time } from './token-view.ts'

interface Asked {
  readonly yes: boolean
  readonly output: OutputForm
}

export function renewTokenCommand(token: Command): void {
  const renew = token
    .command('renew')
    .description('Replace a content token by a newer one of the same location')
    .argument('<ID>', 'the id of the stored one')
    .argument('<FILE>', 'the new .vpptoken file; - reads standard input')
    .option('--yes', 'also when the new one expires before the stored one', false)
  addOutput(addSettings(renew, callerSettingNames)).action(
    async (id: string, file: string, { yes, output }: Asked) => {
      requireOneInput(file, renew.opts<{ clientSecretFile?: string }>().clientSecretFile)
      const text = await readSoundFile(file)
      const { before, after, fingerprint } = await withTokenApi(renew, async (api) => {
        const before = await api.get(tokenId(id))
        const check = await checkWithService(api, text, { file, renews: before.id })
        if (check.class === olderClass && !yes)
          throw new Failure(
            'misconfigured',
            `${older(check.expirationDateTime, before.expirationDateTime)} Nothing was changed. To renew all the same: pomona token renew ${before.id} ${shellWord(file)} --yes (${olderClass})`,
          )
        await api.renew(before.id, text)
        return { before, after: await api.get(before.id), fingerprint: check.fingerprint }
      })
      answer(output, {
        whole: after,
        people: () => {
          if (after.contentFingerprint === fingerprint) showChange(before, after)
          else
            say(
              `The new content token of ${tokenName(after)} is kept. Apple could not be asked about it, so the one before stays in force until a sync has proved the new one.`,
            )
        },
      })
    },
  )
}

function showChange(before: TokenView, after: TokenView): void {
  say(`${tokenName(after)} is renewed.`)
  say(`expires      ${day(before.expirationDateTime)} → ${day(after.expirationDateTime)}`)
  say(`fingerprint  ${before.contentFingerprint ?? '-'} → ${after.contentFingerprint ?? '-'}`)
}

/** To the day, unless both are on the same one. */
export function older(offered: string | null, stored: string): string {
  const [one = '-', other = '-'] =
    [day, time, exact]
      .map((shown) => [shown(offered ?? ''), shown(stored)])
      .find(([left, right]) => left !== right) ?? []
  return `This content token expires on ${one}, before the stored one (${other}).`
}

const exact = (dateTime: string) => dateTime

/** `pomona token remove ID`: shows first what goes with it and what stays. */
import type { Command } from 'commander'
import { ownerApi } from '../client/owner-api.ts'
import { type TokenView, tokenApi } from '../client/token-api.ts'
import { callerSettingNames } from '../config/settings.ts'
import { tokenName } from '../model/token-name.ts'
import { addConsent, type Consent, isAgreed, type Loss } from './consent.ts'
import { addSettings } from './options.ts'
import { factLines, say } from './output.ts'
import { addOutput, answer } from './row-output.ts'
import { withApi } from './sign-in.ts'
import { tokenId } from './token-id.ts'
import { day, licences, location } from './token-view.ts'

export function removeTokenCommand(token: Command): void {
  const remove = token
    .command('remove')
    .description('Remove a content token with its records; licences at Apple stay as they are')
    .argument('<ID>', 'its id')
  addOutput(addSettings(addConsent(remove), callerSettingNames)).action(
    (id: string, asked: Consent) =>
      withApi(remove, async (api) => {
        const tokens = tokenApi(api)
        const found = await tokens.get(tokenId(id))
        const { isHeldByPomona } = await ownerApi(api).get(found.id)
        if (!(await isAgreed(asked, lossOf(found, isHeldByPomona)))) return
        await tokens.remove(found.id)
        const name = tokenName(found)
        answer(asked.output, {
          whole: { id: found.id, name, removed: true },
          people: () => say(`${name} is removed. Licences at Apple stay as they are.`),
        })
      }),
  )
}

function lossOf(token: TokenView, isHeldByPomona: boolean): Loss {
  const { id, locationName, locationId, lastAppCount, usedLicenseCount } = token
  return {
    lines: [
      ...factLines([
        ['name', tokenName(token)],
        ['location', location(token)],
        ['state', `${token.state} (${token.stateReason})`],
        ['expires', day(token.expirationDateTime)],
        ['apps', String(lastAppCount)],
        ['licences', `${licences(token)} used/total`],
      ]),
      'This content token would be removed, and with it the records of its apps, licences and syncs.',
      'Licences at Apple stay assigned as they are, and its audit stays.',
      ...(isHeldByPomona
        ? [
            `Pomona stays registered at Apple as manager of the location. To give that up first: pomona token release ${id} --yes`,
          ]
        : []),
    ],
    facts: {
      ...{ id, name: tokenName(token), locationId, locationName, lastAppCount, usedLicenseCount },
      ...{ isHeldByPomona, removed: false },
    },
  }
}

/** `pomona token owner|claim|release ID`: who manages a location, taken over in full sight, or given up. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Command } from 'commander'
import { type OwnerApi, type OwnerView, ownerApi } from '../client/owner-api.ts'
import { callerSettingNames } from '../config/settings.ts'
import { Failure } from '../model/failure.ts'
import { addConsent, type Consent, isAgreed, type Loss } from './consent.ts'
import { addSettings } from './options.ts'
import { remark, say } from './output.ts'
import { ownerLines } from './owner-view.ts'
import { addOutput, answer, type OutputForm } from './row-output.ts'
import { withApi } from './sign-in.ts'
import { tokenId } from './token-id.ts'

interface Asked {
  readonly output: OutputForm
}
interface Change extends Consent {
  readonly wait: boolean
}

export function ownerCommands(token: Command): void {
  ownerCommand(token)
  claimCommand(token)
  releaseCommand(token)
}

function ownerCommand(token: Command): void {
  const owner = token
    .command('owner')
    .description('Show who manages the location of a content token, and what a claim would change')
    .argument('<ID>', 'its id')
  addOutput(addSettings(owner, callerSettingNames)).action(
    async (id: string, { output }: Asked) => {
      show(await withApi(owner, (api) => ownerApi(api).get(tokenId(id))), output)
    },
  )
}

function claimCommand(token: Command): void {
  const claim = token
    .command('claim')
    .description('Take the location of a content token over; shows first who would lose it')
    .argument('<ID>', 'its id')
    .option('--holder <ID>', 'only from this server, as token owner shows it')
  addOutput(addSettings(changing(claim), callerSettingNames)).action(
    async (id: string, asked: Change & { readonly holder?: string }) =>
      withApi(claim, async (api) => {
        const owners = ownerApi(api)
        const seen = await owners.get(tokenId(id))
        const holderId = asked.holder ?? seen.holder?.id ?? null
        if (!(await isAgreed(asked, claimOf(seen, holderId)))) return
        await owners.claim(seen.id, holderId)
        await tellEnd(owners, seen.id, asked, 'claimed')
      }),
  )
}

function releaseCommand(token: Command): void {
  const release = token
    .command('release')
    .description('Give the location of a content token up; licences stay as they are')
    .argument('<ID>', 'its id')
  addOutput(addSettings(changing(release), callerSettingNames)).action(
    async (id: string, asked: Change) =>
      withApi(release, async (api) => {
        const owners = ownerApi(api)
        const seen = await owners.get(tokenId(id))
        // The service says why there is nothing to give up.
        const isRefused = seen.ownershipState !== 'ours' && !asked.dryRun
        if (!isRefused && !(await isAgreed(asked, releaseOf(seen)))) return
        await owners.release(seen.id)
        await tellEnd(owners, seen.id, asked, 'released')
      }),
  )
}

function changing(command: Command): Command {
  return addConsent(command).option(
    '--wait',
    'until it is done and confirmed; exit code 1 when it came to nothing',
    false,
  )
}

function claimOf(seen: OwnerView, holderId: string | null): Loss {
  return {
    lines: ownerLines(seen),
    facts: seen,
    ...(holderId === null ? {} : { needs: `--holder ${holderId}` }),
  }
}

function releaseOf(seen: OwnerView): Loss {
  return {
    lines: [
      ...ownerLines(seen, 'holder'),
      'A release takes the name of this service away from the location at Apple, so that any other server may claim it.',
      'Licences stay assigned as they are. Pomona changes nothing there until it is claimed again.',
    ],
    facts: seen,
  }
}

const pollMs = 500
/** A claim is confirmed after a minute, and Apple may ask for pauses before. */
const patienceMs = 600_000

async function tellEnd(
  owners: OwnerApi,
  id: string,
  { wait, output }: Change,
  what: 'claimed' | 'released',
): Promise<void> {
  if (!wait) {
    answer(output, {
      whole: await owners.get(id),
      people: () =>
        say(`The location is being ${what}; see how far it is with: pomona token owner ${id}.`),
    })
    return
  }
  const ended = await settled(owners, id)
  show(ended, output)
  const wanted = what === 'claimed' ? 'ours' : 'released'
  if (ended.ownershipState === wanted) return
  remark(`the location was not ${what}. ${ended.lastRefusal ?? ''}`.trim())
  process.exitCode = 1
}

/** Once nothing is open any more. Failure `unavailable` when that takes too long. */
async function settled(owners: OwnerApi, id: string): Promise<OwnerView> {
  const endMs = performance.now() + patienceMs
  for (;;) {
    const owner = await owners.get(id)
    const isOpen =
      (owner.isClaimPending && owner.lastRefusal === null) ||
      owner.isReleasePending ||
      !owner.confirmationDateTime.startsWith('0001-')
    if (!isOpen) return owner
    if (performance.now() >= endMs)
      throw new Failure(
        'unavailable',
        `It has not ended within ${patienceMs / 1_000} s. It goes on at the service; look again with: pomona token owner ${id}.`,
      )
    await delay(pollMs)
  }
}

function show(owner: OwnerView, output: OutputForm): void {
  answer(output, { whole: owner, people: () => ownerLines(owner).forEach(say) })
}

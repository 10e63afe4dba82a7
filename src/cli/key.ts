/** `pomona key status|rotate`: the keys that seal every stored secret, by their ids; never the keys themselves. */
import type { Command } from 'commander'
import { timeOrderedIds } from '../compose/new-id.ts'
import { systemClock } from '../compose/system-clock.ts'
import { findKeyFile } from '../sealing/key-file.ts'
import { keyProblem } from '../sealing/key-problem.ts'
import { dropUnusedKeys, type KeyStatus, keyStatus } from '../sealing/key-status.ts'
import { type Rotation, rotateKeys } from '../sealing/rotate-keys.ts'
import { addConsent, type Consent, isAgreed, type Loss } from './consent.ts'
import { instanceSettings } from './instance.ts'
import { addSettings, settingsOf } from './options.ts'
import { remark, say } from './output.ts'
import { addOutput, answer, type OutputForm } from './row-output.ts'
import { withStorage } from './storage.ts'
import { printTable } from './table.ts'

interface Asked {
  readonly output: OutputForm
}

interface FoundKeys {
  readonly keyFile: string
  readonly isKeyFilePresent: boolean
  readonly keys: readonly KeyStatus[]
  /** Null when the keys fit. */
  readonly problem: string | null
}

export function keyCommands(program: Command): void {
  const key = program.command('key').description('The keys that seal every stored secret')
  statusCommand(key)
  rotateCommand(key)
}

function statusCommand(key: Command): void {
  const status = key
    .command('status')
    .description('Show which keys are at hand and in use, and whether they fit the database')
  addOutput(addSettings(status, instanceSettings)).action(async ({ output }: Asked) => {
    const settings = settingsOf(status, instanceSettings)
    const keyFile = settings['key-file']
    const keys = await findKeyFile(keyFile)
    const found = await withStorage(settings, async (storage) => ({
      keyFile,
      isKeyFilePresent: keys !== undefined,
      keys: await keyStatus(storage.instance, keys),
      problem: await keyProblem(keys, storage.instance),
    }))
    answer(output, { whole: found, rows: found.keys, people: () => showKeys(found) })
    if (found.problem === null) return
    remark(found.problem)
    process.exitCode = 2
  })
}

function rotateCommand(key: Command): void {
  const rotate = key
    .command('rotate')
    .description('Make a new key and seal every secret anew with it; goes on where it was stopped')
    .option(
      '--drop-old',
      'make none, but take those out of the key file that nothing needs any more',
      false,
    )
  addOutput(addSettings(addConsent(rotate), instanceSettings)).action(
    async (asked: Consent & { readonly dropOld: boolean }) => {
      const { dropOld, output } = asked
      const settings = settingsOf(rotate, instanceSettings)
      const given = { keyFile: settings['key-file'], clock: systemClock }
      await withStorage(settings, async ({ instance }) => {
        const keys = await keyStatus(instance, await findKeyFile(given.keyFile))
        // A rotation loses nothing, so nobody is asked.
        const consent = { ...asked, yes: asked.yes || !dropOld }
        if (!(await isAgreed(consent, dropOld ? loss(keys) : gain(keys)))) return
        if (dropOld) showDropped(await dropUnusedKeys({ ...given, instance }), output)
        else {
          const newId = timeOrderedIds(systemClock.now)
          showRotation(await rotateKeys({ ...given, instance, newId, actor: 'operator' }), output)
        }
      })
    },
  )
}

function loss(keys: readonly KeyStatus[]): Loss {
  const unused = keys.filter((key) => key.isInKeyFile && !key.isCurrent && key.sealedCount === 0)
  const ids = unused.map(({ id }) => id)
  return {
    lines: [
      ids.length === 0
        ? 'The key file holds no key that nothing in the database needs.'
        : `Out of the key file would go: ${ids.join(', ')}. Nothing in the database needs them, but backups from before the last change of keys do.`,
    ],
    facts: { unused: ids },
  }
}

function gain(keys: readonly KeyStatus[]): Loss {
  const count = keys.reduce((sum, { sealedCount }) => sum + sealedCount, 0)
  return {
    lines: [`A new key would be made, and ${count} stored secrets be sealed anew with it.`],
    facts: { sealedCount: count },
  }
}

function showKeys({ keyFile, isKeyFilePresent, keys }: FoundKeys): void {
  say(`key file  ${keyFile}${isKeyFilePresent ? '' : '  (not there)'}`)
  if (keys.length === 0) return
  printTable(
    ['KEY', 'SEALS FROM NOW ON', 'IN KEY FILE', 'SECRETS SEALED'],
    keys.map(({ id, isCurrent, isInKeyFile, sealedCount }) => [
      id,
      isCurrent ? 'yes' : 'no',
      isInKeyFile ? 'yes' : 'no',
      String(sealedCount),
    ]),
  )
}

function showRotation(rotation: Rotation, output: OutputForm): void {
  const { current, isResumed, resealed, left } = rotation
  const resumed = isResumed ? '; a change that had been stopped was taken up' : ''
  answer(output, {
    whole: rotation,
    people: () => {
      say(
        `The key ${current} seals from now on${resumed}. Secrets sealed anew: ${resealed}, and the check value.`,
      )
      say('Back up the key file now. The older keys stay in it until --drop-old takes them out.')
    },
  })
  if (left === 0) return
  remark(
    `${left} secrets are sealed with an older key: a running service does not see this key file. Give it the same one, then rotate again.`,
  )
  process.exitCode = 1
}

function showDropped(dropped: readonly string[], output: OutputForm): void {
  answer(output, {
    whole: { dropped },
    rows: dropped.map((id) => ({ dropped: id })),
    people: () =>
      say(
        dropped.length === 0
          ? 'Every key in the key file is needed. Nothing was changed.'
          : `Taken out of the key file: ${dropped.join(', ')}. Older backups still need them.`,
      ),
  })
}

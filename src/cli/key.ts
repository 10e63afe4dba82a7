/** `pomona key status|rotate`: the keys that seal every stored secret, by their ids; never the keys themselves. */
import type { Command } from 'commander'
import { timeOrderedIds } from '../compose/new-id.ts'
import { systemClock } from '../compose/system-clock.ts'
import { Failure } from '../model/failure.ts'
import type { Storage } from '../ports/storage.ts'
import { keyCheckPlace, keysMissing } from '../sealing/key-check.ts'
import { findKeyFile } from '../sealing/key-file.ts'
import { dropUnusedKeys, type KeyStatus, keyStatus } from '../sealing/key-status.ts'
import { type Rotation, rotateKeys } from '../sealing/rotate-keys.ts'
import type { SealingKeys } from '../sealing/sealing-keys.ts'
import { createSecretBox } from '../sealing/secret-box.ts'
import { instanceSettings } from './instance.ts'
import { addSettings, settingsOf } from './options.ts'
import { printTable, remark, say } from './output.ts'
import { addOutput, answer, type OutputForm } from './row-output.ts'
import { withStorage } from './storage.ts'

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
      problem: await problemWith(keys, storage),
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
  addOutput(addSettings(rotate, instanceSettings)).action(
    async ({ dropOld, output }: Asked & { readonly dropOld: boolean }) => {
      const settings = settingsOf(rotate, instanceSettings)
      const given = { keyFile: settings['key-file'], clock: systemClock }
      await withStorage(settings, async ({ instance }) => {
        if (dropOld) showDropped(await dropUnusedKeys({ ...given, instance }), output)
        else {
          const newId = timeOrderedIds(systemClock.now)
          showRotation(await rotateKeys({ ...given, instance, newId, actor: 'operator' }), output)
        }
      })
    },
  )
}

async function problemWith(
  keys: SealingKeys | undefined,
  { instance }: Storage,
): Promise<string | null> {
  const used = await instance.reads.secrets.listKeyIds()
  const missing = used.filter((id) => !keys?.keys.some((key) => key.id === id))
  if (missing.length > 0) return keysMissing(missing).message
  const check = await instance.reads.secrets.find(keyCheckPlace)
  if (!keys || !check) return null
  try {
    createSecretBox(keys).open(keyCheckPlace, check)
    return null
  } catch (error) {
    if (error instanceof Failure) return error.message
    throw error
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

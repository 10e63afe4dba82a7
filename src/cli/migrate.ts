/** `pomona migrate`: brings a database to this program's schema. SQLite does so by itself at each start. */
import { mkdir } from 'node:fs/promises'
import type { Command } from 'commander'
import { systemClock } from '../compose/system-clock.ts'
import { migrateStorage } from '../storage/open.ts'
import { addSettings, settingsOf } from './options.ts'
import { say } from './output.ts'
import { addOutput, answer, type OutputForm } from './row-output.ts'

const migrateSettings = ['data-dir', 'storage-url'] as const

export function migrateCommand(program: Command): void {
  const migrate = program
    .command('migrate')
    .description('Bring the database to the schema of this program; back it up first')
  addOutput(addSettings(migrate, migrateSettings)).action(
    async ({ output }: { output: OutputForm }) => {
      const settings = settingsOf(migrate, migrateSettings)
      await mkdir(settings['data-dir'], { recursive: true, mode: 0o700 })
      const applied = await migrateStorage({ url: settings['storage-url'], clock: systemClock })
      answer(output, {
        whole: { applied },
        rows: applied.map((name) => ({ applied: name })),
        people: () =>
          say(
            applied.length === 0
              ? 'The database has the schema of this program already.'
              : `Applied: ${applied.join(', ')}.`,
          ),
      })
    },
  )
}

/** `pomona worker`: the due loop alone, until SIGINT or SIGTERM. */
import { type Command, Option } from 'commander'
import { startWorker } from '../compose/worker.ts'
import { serviceSettingNames } from '../config/settings.ts'
import { warnings } from '../config/warnings.ts'
import { createLog } from '../observe/log.ts'
import { addSettings, settingsOf } from './options.ts'
import { remark, say } from './output.ts'
import { stopSignal } from './serve.ts'

export function workerCommand(program: Command): void {
  const worker = program
    .command('worker')
    .description('Do the syncs alone, beside nodes that serve requests; PostgreSQL only')
  const output = new Option('-o, --output <FORM>', 'how it says that it is there, in a line')
    .choices(['table', 'json'])
    .default('table')
  addSettings(worker, serviceSettingNames)
    .addOption(output)
    .action(async ({ output }: { output: 'table' | 'json' }) => {
      const settings = settingsOf(worker, serviceSettingNames)
      // What concerns callers does not concern a worker.
      for (const { setting, message } of warnings(settings))
        if (setting === 'apple-url') remark(`warning: ${message}`)
      const observe = createLog(settings['log-level'])
      const started = await startWorker(settings, observe)
      const stopped = stopSignal((signal) => observe({ kind: 'stopping', signal }))
      say(
        output === 'json'
          ? JSON.stringify({ worker: 'started' })
          : 'Pomona takes what is due. It listens nowhere.',
      )
      await stopped
      await started.close()
    })
}

/** `pomona serve`: the service, until SIGINT or SIGTERM. */
import { type Command, Option } from 'commander'
import { startService } from '../compose/service.ts'
import { serviceSettingNames } from '../config/settings.ts'
import { warnings } from '../config/warnings.ts'
import { createLog } from '../observe/log.ts'
import { addSettings, settingsOf } from './options.ts'
import { remark, say } from './output.ts'

export function serveCommand(program: Command): void {
  const serve = program.command('serve').description('Run the service')
  const output = new Option('-o, --output <FORM>', 'how it says that it is there, in a line')
    .choices(['table', 'json'])
    .default('table')
  addSettings(serve, serviceSettingNames)
    .addOption(output)
    .action(async ({ output }: { output: 'table' | 'json' }) => {
      const settings = settingsOf(serve, serviceSettingNames)
      for (const { message } of warnings(settings)) remark(`warning: ${message}`)
      const observe = createLog(settings['log-level'])
      const service = await startService({ settings, observe })
      // Listened for before anybody is told that the service is there.
      const stopped = stopSignal((signal) => observe({ kind: 'stopping', signal }))
      if (output === 'json') say(JSON.stringify({ origin: service.origin, caFile: service.caFile }))
      else {
        say(`Pomona serves ${service.origin}`)
        if (service.caFile) say(`Trust its certificate with ${service.caFile}`)
      }
      await stopped
      await service.close()
    })
}

/** Resolves at the first of the signals; a second one ends the process the hard way, as ever. */
export function stopSignal(
  onSignal: (signal: string) => void,
  signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM'],
): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of signals)
      process.once(signal, () => {
        onSignal(signal)
        resolve()
      })
  })
}

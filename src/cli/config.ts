/** `pomona config check` and `config dump`: what the service would start with, and what is wrong with it. */
import type { Command } from 'commander'
import { asSettingsFile, type DumpedSetting, dumpSettings } from '../config/dump-settings.ts'
import { fileProblems } from '../config/file-problems.ts'
import { type ResolvedSettings, requireSound, resolveSettings } from '../config/read-settings.ts'
import { type ServiceSettingName, serviceSettingNames } from '../config/settings.ts'
import { addSettings, sourcesOf } from './options.ts'
import { remark, say } from './output.ts'
import { addOutput, answer, type OutputForm, printRows } from './row-output.ts'

export function configCommands(program: Command): void {
  const config = program.command('config').description('The settings: from flags, variables, file')
  addCommand(config, 'check', 'Read all settings and the files they name; change nothing', check)
  addCommand(config, 'dump', 'Show the settings in force and where each comes from', dump)
}

type Work = (resolved: ResolvedSettings<ServiceSettingName>, output: OutputForm) => Promise<void>

function addCommand(config: Command, name: string, description: string, work: Work): void {
  const command = config.command(name).description(description)
  addOutput(addSettings(command, serviceSettingNames)).action(
    async ({ output }: { output: OutputForm }) => {
      await work(resolveSettings(serviceSettingNames, sourcesOf(command)), output)
    },
  )
}

const check: Work = async (resolved, output) => {
  const problems = [...resolved.problems, ...(await fileProblems(resolved, new Date()))]
  answer(output, {
    whole: { ok: problems.length === 0, problems },
    rows: problems,
    people: () => {
      if (problems.length === 0) say('The settings are sound.')
      else remark(problems.map(({ message }) => message).join('\n'))
    },
  })
  if (problems.length > 0) process.exitCode = 2
}

const dump: Work = async (resolved, output) => {
  requireSound(resolved.problems)
  const dumped = dumpSettings(resolved)
  answer(output, {
    whole: asSettingsFile(dumped),
    rows: dumped,
    people: () => printRows('table', dumped, dumpTable),
  })
}

const dumpTable = {
  head: ['SETTING', 'VALUE', 'FROM'],
  cells: ({ name, value, from }: DumpedSetting) => [
    name,
    Array.isArray(value) ? value.join(' ') : String(value),
    from,
  ],
}

/** `pomona config check` and `config dump`: what the service would start with, and what is wrong with it. */
import type { Command } from 'commander'
import { asSettingsFile, type DumpedSetting, dumpSettings } from '../config/dump-settings.ts'
import { fileProblems } from '../config/file-problems.ts'
import { lookAtDatabase } from '../config/look-at-database.ts'
import { onlineProblems } from '../config/online-problems.ts'
import { requireSound, resolveSettings, type SettingProblem } from '../config/read-settings.ts'
import { serviceSettingNames } from '../config/settings.ts'
import { warnings } from '../config/warnings.ts'
import { addSettings, sourcesOf } from './options.ts'
import { remark, say } from './output.ts'
import { addOutput, answer, type OutputForm, printRows } from './row-output.ts'

export function configCommands(program: Command): void {
  const config = program.command('config').description('The settings: from flags, variables, file')
  checkCommand(config)
  dumpCommand(config)
}

interface Asked {
  readonly output: OutputForm
}

function checkCommand(config: Command): void {
  const check = config
    .command('check')
    .description(
      'Look at all settings, the files they name, the database and its key; change nothing',
    )
    .option('--online', 'also ask Apple’s service and the issuers whether they are there', false)
  addOutput(addSettings(check, serviceSettingNames)).action(
    async ({ online, output }: Asked & { readonly online: boolean }) => {
      const resolved = resolveSettings(serviceSettingNames, sourcesOf(check))
      const database = await lookAtDatabase(resolved)
      const problems = [
        ...resolved.problems,
        ...(await fileProblems(resolved, new Date())),
        ...database.problems,
        ...(online ? await onlineProblems(resolved) : []),
      ]
      tell({ problems, warnings: [...warnings(resolved.values), ...database.warnings] }, output)
    },
  )
}

interface Found {
  /** What keeps the service from starting, or from working. */
  readonly problems: readonly SettingProblem[]
  readonly warnings: readonly SettingProblem[]
}

function tell({ problems, warnings }: Found, output: OutputForm): void {
  const isSound = problems.length === 0
  const rows = [
    ...problems.map((found) => ({ kind: 'problem', ...found })),
    ...warnings.map((found) => ({ kind: 'warning', ...found })),
  ]
  answer(output, {
    whole: { ok: isSound, problems, warnings },
    rows,
    people: () => {
      for (const { kind, message } of rows) remark(`${kind}: ${message}`)
      if (isSound) say(warnings.length === 0 ? 'The settings are sound.' : 'The service starts.')
    },
  })
  if (!isSound) process.exitCode = 2
}

function dumpCommand(config: Command): void {
  const command = config
    .command('dump')
    .description('Show the settings in force and where each comes from')
  addOutput(addSettings(command, serviceSettingNames)).action(async ({ output }: Asked) => {
    const resolved = resolveSettings(serviceSettingNames, sourcesOf(command))
    requireSound(resolved.problems)
    const dumped = dumpSettings(resolved)
    answer(output, {
      whole: asSettingsFile(dumped),
      rows: dumped,
      people: () => printRows('table', dumped, dumpTable),
    })
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

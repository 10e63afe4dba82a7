/** The command `pomona`: one word for one thing, the same words as the API. */
import { readFileSync } from 'node:fs'
import { Command, CommanderError, Help, type Option } from 'commander'
import { addExitCodes } from './exit-codes.ts'
import { reportError } from './output.ts'
import { refuseSwallowedOption } from './swallowed-option.ts'

type AddCommand = (program: Command) => void

/** In the order of the help. Each is loaded only when it is asked for: most need a part of the program alone. */
const commands: Readonly<Record<string, () => Promise<AddCommand>>> = {
  demo: async () => (await import('./demo.ts')).demoCommand,
  serve: async () => (await import('./serve.ts')).serveCommand,
  worker: async () => (await import('./worker.ts')).workerCommand,
  migrate: async () => (await import('./migrate.ts')).migrateCommand,
  token: async () => (await import('./token.ts')).tokenCommands,
  license: async () => (await import('./license.ts')).licenseCommands,
  user: async () => (await import('./user.ts')).userCommands,
  app: async () => (await import('./app.ts')).appCommands,
  check: async () => (await import('./check.ts')).checkCommand,
  inspect: async () => (await import('./inspect.ts')).inspectCommand,
  tenant: async () => (await import('./tenant.ts')).tenantCommands,
  client: async () => (await import('./client.ts')).clientCommands,
  audit: async () => (await import('./audit.ts')).auditCommands,
  key: async () => (await import('./key.ts')).keyCommands,
  config: async () => (await import('./config.ts')).configCommands,
}

/**
 * Runs the command line and answers the exit code: 0 done, 2 something the caller can mend, 1 a fault of Pomona's or of
 * what it needs.
 */
export async function runProgram(argv: readonly string[]): Promise<number> {
  process.stdout.on('error', endWhenNobodyReads)
  try {
    const program = await programOf(wantedOf(argv[2]))
    await program.parseAsync([...argv])
    return Number(process.exitCode ?? 0)
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : misuse(argv[2])
    return reportError(error)
  }
}

/** With every command, for whoever describes them. */
export function wholeProgram(): Promise<Command> {
  return programOf(Object.values(commands))
}

async function programOf(loads: readonly (() => Promise<AddCommand>)[]): Promise<Command> {
  const program = new Command('pomona')
    .description(
      'Keeps Apple content tokens of many organizations true, behind Microsoft Graph’s API',
    )
    .version(packageVersion())
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(inOurWords(text)) })
    .configureHelp({ optionDescription })
  program.hook('preAction', (_, command) => refuseSwallowedOption(command))
  for (const load of loads) (await load())(program)
  addExitCodes(program)
  return program
}

/** That a switch is off unless it is given goes without saying. */
function optionDescription(option: Option): string {
  return option.defaultValue === false ? option.description : new Help().optionDescription(option)
}

/** To a monitor, 2 would say that a token is in danger. */
function misuse(name: string | undefined): number {
  return name === 'check' ? 3 : 2
}

/** All of them for the help, and for whoever misspells one. */
function wantedOf(name = ''): readonly (() => Promise<AddCommand>)[] {
  if (name === '--version' || name === '-V') return []
  const found = Object.hasOwn(commands, name) ? commands[name] : undefined
  return found ? [found] : Object.values(commands)
}

/** One line: what is wrong, and the nearest known name. */
function inOurWords(text: string): string {
  return text
    .replace(/^error: /, 'pomona: ')
    .replace(/\n\((Did you mean .*\?)\)/, '. $1')
    .replace(
      /required option '(.+)' not specified/,
      '$1 is missing. See what it means with --help.',
    )
    .replace(/missing required argument '(.+)'/, '<$1> is missing. See what it means with --help.')
}

/** As in `pomona token list | head -1`, or in a terminal that is gone: the rest is not wanted, and that is no error. */
function endWhenNobodyReads(error: Error & { readonly code?: string }): void {
  const isTerminalGone = error.code === 'EIO' && process.stdout.isTTY
  if (error.code !== 'EPIPE' && !isTerminalGone) throw error
  process.exit(0)
}

/** package.json stands above `src` in the repository and above `dist/src` in the package. */
function packageVersion(): string {
  for (const place of ['../../package.json', '../../../package.json']) {
    try {
      const text = readFileSync(new URL(place, import.meta.url), 'utf8')
      return String((JSON.parse(text) as { version?: unknown }).version)
    } catch (error) {
      if ((error as { code?: string }).code !== 'ENOENT') throw error
    }
  }
  return 'unknown'
}

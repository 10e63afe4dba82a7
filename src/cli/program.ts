/** The command `pomona`: one word for one thing, the same words as the API. */
import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { clientCommands } from './client.ts'
import { demoCommand } from './demo.ts'
import { inspectCommand } from './inspect.ts'
import { reportError } from './output.ts'
import { serveCommand } from './serve.ts'
import { tenantCommands } from './tenant.ts'

/** Runs the command line and answers the exit code: 0 done, 2 something the caller can mend, 1 a fault of Pomona's. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  const program = new Command('pomona')
    .description(
      'Keeps Apple content tokens of many organizations true, behind Microsoft Graph’s API',
    )
    .version(packageVersion())
    .exitOverride()
  for (const add of [demoCommand, serveCommand, tenantCommands, clientCommands, inspectCommand])
    add(program)
  try {
    await program.parseAsync([...argv])
    return Number(process.exitCode ?? 0)
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    return reportError(error)
  }
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

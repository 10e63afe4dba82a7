/** `pomona check`: all content tokens of the tenant in one line and an exit code, as monitors want them. */
import { type Command, InvalidArgumentError } from 'commander'
import { callerSettingNames } from '../config/settings.ts'
import { Failure } from '../model/failure.ts'
import { addOutput, addSettings } from './options.ts'
import { inOneLine, type OutputForm, printJson, say } from './output.ts'
import { withTokenApi } from './sign-in.ts'
import { timeSpanMs } from './time-span.ts'
import { type Severity, type TokenHealth, tokenHealth, worst } from './token-health.ts'

/** As monitoring plugins have them. */
const exitCodes: Readonly<Record<Severity, number>> = { ok: 0, warning: 1, critical: 2, unknown: 3 }

/** Problems named in the line; it ends on a pager. */
const mostNamed = 10

interface Asked {
  readonly warn: number
  readonly crit: number
  readonly output: OutputForm
}

export function checkCommand(program: Command): void {
  const check = program
    .command('check')
    .description(
      'Judge all content tokens for a monitor: exit code 0 ok, 1 warning, 2 critical, 3 unknown',
    )
    .option('--warn <SPAN>', 'warning when a token expires within, such as 30d', span, span('30d'))
    .option('--crit <SPAN>', 'critical when a token expires within, such as 7d', span, span('7d'))
  addOutput(addSettings(check, callerSettingNames)).action(async (asked: Asked) => {
    try {
      const now = new Date()
      const thresholds = { warnMs: asked.warn, critMs: asked.crit }
      const tokens = await withTokenApi(check, (api) => api.list())
      tell(
        tokens.map((token) => tokenHealth(token, thresholds, now)),
        asked.output,
      )
    } catch (error) {
      tellUnknown(error, asked.output)
    }
  })
}

function span(text: string): number {
  const ms = timeSpanMs(text)
  if (ms === undefined) throw new InvalidArgumentError('Give a number and d, h or w, such as 30d.')
  return ms
}

function tell(healths: readonly TokenHealth[], output: OutputForm): void {
  const status = worst(healths)
  const line = checkLine(status, healths)
  if (output === 'json') printJson({ status, exitCode: exitCodes[status], line, tokens: healths })
  else say(line)
  process.exitCode = exitCodes[status]
}

/** `POMONA CRITICAL: 1 of 12 tokens need action: Kiel expires in 5 d (2027-03-01)`. */
export function checkLine(status: Severity, healths: readonly TokenHealth[]): string {
  const word = `POMONA ${status.toUpperCase()}`
  if (healths.length === 0) return `${word}: the tenant has no tokens`
  const bad = healths
    .filter(({ problem }) => problem !== null)
    .sort((left, right) => exitRank(right) - exitRank(left))
  const all = `${healths.length} token${healths.length === 1 ? '' : 's'}`
  if (bad.length === 0) return `${word}: ${all}`
  const named = bad.slice(0, mostNamed).map(({ name, problem }) => `${name} ${problem}`)
  const more = bad.length > mostNamed ? `, and ${bad.length - mostNamed} more` : ''
  return inOneLine(`${word}: ${bad.length} of ${all}: ${named.join(', ')}${more}`)
}

function exitRank({ severity }: TokenHealth): number {
  return ['ok', 'unknown', 'warning', 'critical'].indexOf(severity)
}

/** Whatever keeps the tokens from being looked at is no verdict on them. */
function tellUnknown(error: unknown, output: OutputForm): void {
  if (!(error instanceof Failure)) throw error
  const line = inOneLine(`POMONA UNKNOWN: ${error.message}`)
  if (output === 'json') printJson({ status: 'unknown', exitCode: 3, line, tokens: [] })
  else say(line)
  process.exitCode = exitCodes.unknown
}

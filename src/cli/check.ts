/** `pomona check`: all content tokens of the tenant in one line and an exit code, as monitors want them. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Api } from '../client/api.ts'
import { historyApi } from '../client/history-api.ts'
import { type TokenView, tokenApi } from '../client/token-api.ts'
import { callerSettingNames } from '../config/settings.ts'
import { Failure } from '../model/failure.ts'
import { addSettings } from './options.ts'
import { inOneLine, say } from './output.ts'
import { addOutput, answer, type OutputForm } from './row-output.ts'
import { withApi } from './sign-in.ts'
import { findTrouble, type SyncTrouble } from './sync-trouble.ts'
import { timeSpanMs } from './time-span.ts'
import {
  type Severity,
  type Thresholds,
  type TokenHealth,
  tokenHealth,
  worst,
} from './token-health.ts'

/** As monitoring plugins have them. */
const exitCodes: Readonly<Record<Severity, number>> = { ok: 0, warning: 1, critical: 2, unknown: 3 }

/** Problems named in the line; it ends on a pager. */
const mostNamed = 10

interface Span {
  readonly text: string
  readonly ms: number
}

interface Asked {
  readonly warn: Span
  readonly crit: Span
  readonly output: OutputForm
}

export function checkCommand(program: Command): void {
  const check = program
    .command('check')
    .description('Judge all content tokens of the tenant in one line, for a monitor')
    .addOption(spanOption('--warn <SPAN>', 'warning when a token expires within', '30d'))
    .addOption(spanOption('--crit <SPAN>', 'critical when a token expires within', '7d'))
  addOutput(addSettings(check, callerSettingNames)).action(async (asked: Asked) => {
    try {
      const now = new Date()
      const thresholds = thresholdsOf(asked)
      tell(await withApi(check, (api) => healths(api, thresholds, now)), asked.output)
    } catch (error) {
      tellUnknown(error, asked.output)
    }
  })
}

async function healths(
  api: Api,
  thresholds: Thresholds,
  now: Date,
): Promise<readonly TokenHealth[]> {
  const tokens = await tokenApi(api).list()
  const failed = tokens.filter(({ lastSyncStatus }) => lastSyncStatus === 'failed')
  const troubles = new Map<string, SyncTrouble>()
  // No more of them than the line names: an outage of Apple's fails all of a tenant's at once.
  for (const token of failed.slice(0, mostNamed)) {
    const trouble = await troubleOf(api, token, now)
    if (trouble) troubles.set(token.id, trouble)
  }
  return tokens.map((token) => tokenHealth(token, thresholds, now, troubles.get(token.id)))
}

/** Undefined when the history cannot be read: the verdict on the token stands without the cause. */
async function troubleOf(api: Api, token: TokenView, now: Date): Promise<SyncTrouble | undefined> {
  try {
    return await findTrouble(historyApi(api), token, now)
  } catch (error) {
    if (error instanceof Failure) return undefined
    throw error
  }
}

function spanOption(flag: string, says: string, usual: string): Option {
  return new Option(flag, `${says} (days d, hours h or weeks w)`)
    .argParser(span)
    .default(span(usual), usual)
}

function span(text: string): Span {
  const ms = timeSpanMs(text)
  if (ms === undefined) throw new InvalidArgumentError('Give a number and d, h or w, such as 30d.')
  return { text, ms }
}

/** Failure `misconfigured` when no token could ever be a warning. */
function thresholdsOf({ warn, crit }: Asked): Thresholds {
  if (warn.ms > crit.ms) return { warnMs: warn.ms, critMs: crit.ms }
  throw new Failure(
    'misconfigured',
    `--warn must be longer than --crit, and --warn ${warn.text} is not longer than --crit ${crit.text}. Give both, such as --warn 30d --crit 7d.`,
    { property: 'warn' },
  )
}

function tell(healths: readonly TokenHealth[], output: OutputForm): void {
  const status = worst(healths)
  const line = checkLine(status, healths)
  const exitCode = exitCodes[status]
  const whole = { status, exitCode, line, tokens: healths }
  answer(output, { whole, rows: healths, people: () => say(line) })
  process.exitCode = exitCode
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
  const exitCode = exitCodes.unknown
  const facts = { status: 'unknown', exitCode, line }
  answer(output, { whole: { ...facts, tokens: [] }, rows: [facts], people: () => say(line) })
  process.exitCode = exitCode
}

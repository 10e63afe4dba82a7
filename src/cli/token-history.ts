/** `pomona token history ID`: the syncs of a content token, newest first, and what one of them changed. */
import { type Command, InvalidArgumentError } from 'commander'
import {
  type ChangeView,
  type CountsView,
  historyApi,
  type RunView,
} from '../client/history-api.ts'
import { callerSettingNames } from '../config/settings.ts'
import { Failure } from '../model/failure.ts'
import { isGuid } from '../model/ids.ts'
import { addSettings } from './options.ts'
import { remark } from './output.ts'
import { addOutput, type OutputForm, printRows } from './row-output.ts'
import { withApi } from './sign-in.ts'
import { tokenId } from './token-id.ts'
import { driftText } from './token-view.ts'

interface Asked {
  readonly diff: boolean
  readonly run?: string
  readonly last: number
  readonly output: OutputForm
}

const mostRuns = 999

export function historyCommand(token: Command): void {
  const history = token
    .command('history')
    .description('List the syncs of a content token, newest first')
    .argument('<ID>', 'its id')
    .option('--diff', 'what the newest sync changed, row by row', false)
    .option('--run <RUN>', 'with --diff: of this sync instead of the newest')
    .option('--last <N>', 'no more than so many', wholeNumber, 20)
  addOutput(addSettings(history, callerSettingNames)).action((id: string, asked: Asked) =>
    withApi(history, async (api) => {
      const { runs, run, changes } = historyApi(api)
      if (!asked.diff && asked.run === undefined)
        return printRows(asked.output, await runs(tokenId(id), asked.last), runTable)
      const [shown] =
        asked.run === undefined ? await runs(tokenId(id), 1) : [await run(runId(asked.run))]
      if (!shown) return remark('this content token has not been synced yet.')
      if (asked.diff) printRows(asked.output, await changes(shown.id), changeTable)
      else printRows(asked.output, [shown], runTable)
      if (asked.diff && shown.changesUnlisted > 0)
        remark(`${shown.changesUnlisted} more changes were counted, but not listed.`)
    }),
  )
}

const runTable = {
  head: [
    'RUN',
    'BEGUN',
    'CAUSE',
    'STATUS',
    'READ',
    'ADDED',
    'CHANGED',
    'REMOVED',
    'REQUESTS',
    'WHY',
  ],
  cells: (run: RunView) => [
    run.id,
    minute(run.startedDateTime),
    run.cause,
    run.status,
    [run.readings.assets, run.readings.assignments, run.readings.users]
      .map((reading) => reading ?? '-')
      .join('/'),
    String(run.rowsAdded),
    String(run.rowsChanged),
    String(run.rowsRemoved),
    String(run.requests),
    why(run),
  ],
}

const changeTable = {
  head: ['CHANGE', 'WHAT', 'ASSET', 'WHO', 'BEFORE', 'AFTER'],
  cells: (row: ChangeView) => [
    row.change,
    row.subject,
    row.adamId === null ? '-' : `${row.adamId} ${row.pricingParam ?? ''}`.trim(),
    row.serialNumber ?? row.clientUserId ?? '-',
    row.statusBefore ?? counts(row.countsBefore),
    row.statusAfter ?? counts(row.countsAfter),
  ],
}

/** Given out, to be had and retired, of all. */
function counts(view: CountsView | null): string {
  if (view === null) return '-'
  return `${view.assigned}+${view.available}+${view.retired} of ${view.total}`
}

function why({ finding, rowsSuspect, assetsUneven, expirationDriftSeconds }: RunView): string {
  const notes = [
    ...(finding ? [finding.reason] : []),
    ...(rowsSuspect > 0 ? [`${rowsSuspect} rows suspect`] : []),
    ...(assetsUneven > 0 ? [`${assetsUneven} assets uneven`] : []),
    ...(expirationDriftSeconds === 0
      ? []
      : [`expires ${driftText(expirationDriftSeconds)} than its content says`]),
  ]
  return notes.join(', ') || '-'
}

/** As the service shows it, to the minute: its own values are UTC. */
function minute(dateTime: string): string {
  return dateTime.startsWith('0001') ? '-' : `${dateTime.slice(0, 10)} ${dateTime.slice(11, 16)}Z`
}

function runId(text: string): string {
  if (isGuid(text)) return text.toLowerCase()
  throw new Failure(
    'misconfigured',
    `'${text}' is not the id of a sync. See the ids with: pomona token history ID.`,
    { property: 'run' },
  )
}

function wholeNumber(text: string): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && number >= 1 && number <= mostRuns) return number
  throw new InvalidArgumentError(`Give a whole number from 1 to ${mostRuns}.`)
}

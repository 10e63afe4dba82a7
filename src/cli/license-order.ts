/** Plans, starts and follows a change of licences or users, and shows what came of it. */
import { setTimeout as delay } from 'node:timers/promises'
import { type Command, Option } from 'commander'
import type { Api } from '../client/api.ts'
import {
  type IntentView,
  type LicenseOrder,
  licenseApi,
  type PlanView,
} from '../client/license-api.ts'
import { waitForIntent } from '../client/wait-for-intent.ts'
import type { Patience } from '../client/wait-for-sync.ts'
import { callerSettingNames } from '../config/settings.ts'
import { addConsent, isAgreed } from './consent.ts'
import { requireFound } from './license-absent.ts'
import { lossLines } from './license-loss-view.ts'
import { isAllAsWanted, planLines } from './license-plan-view.ts'
import { showIntent } from './license-receipts-view.ts'
import { addSettings } from './options.ts'
import { remark, say } from './output.ts'
import { progress } from './progress.ts'
import { addOutput, answer, type OutputForm } from './row-output.ts'
import { withApi } from './sign-in.ts'

export interface HowToDo {
  readonly dryRun: boolean
  readonly wait: boolean
  readonly output: OutputForm
  /** Only of a change that takes something away. */
  readonly yes?: boolean
}

/** Of a change that takes nothing from anybody. */
export function addHowToGive(command: Command): Command {
  const dryRun = new Option('--dry-run', 'show what would change, and change nothing')
  return addRest(command.addOption(dryRun.default(false)))
}

/** Of one that does: it is agreed to first. */
export function addHowToTake(command: Command): Command {
  return addRest(addConsent(command))
}

function addRest(command: Command): Command {
  command.option('--wait', 'until it has ended; exit code 1 when not all of it was done', false)
  return addOutput(addSettings(command, callerSettingNames))
}

/** A million licences take hours; whoever is less patient stops the command, not the change. */
const patience: Patience = {
  pollMs: 1_000,
  limitMs: 24 * 3_600_000,
  now: () => performance.now(),
  sleep: (ms) => delay(ms),
}

/** What is to be done, and whether it is asked about first because something is taken away. */
export interface Ordered {
  readonly order: LicenseOrder
  readonly takesAway?: boolean
}

/**
 * Sets the exit code to 1 when the change was waited for and is not whole, or nothing of it can be done, to 2 when it would
 * be refused. Failures of `requireFound`, before anything is asked for.
 */
export function carryOut(
  command: Command,
  tokenId: string,
  how: HowToDo,
  { order, takesAway = false }: Ordered,
): Promise<void> {
  return withApi(command, async (api) => {
    const licenses = licenseApi(api)
    const isNamed = order.action === 'reclaim' && order.everything !== true
    if (how.dryRun || isNamed || (takesAway && !how.yes)) {
      const plan = await licenses.plan(tokenId, order)
      const loss = () => lossLines(licenses, tokenId, order, plan)
      // Why it is refused says the service itself.
      if (plan.refusal === null && isNamed) await requireFound(api, tokenId, order, plan)
      if (how.dryRun) return showDryRun(how.output, { order, plan, takesAway, lines: await loss() })
      if (plan.refusal === null && takesAway && !how.yes) {
        if (plan.toDoCount === 0) return showNothingToDo(how.output, plan, order)
        const lines = [...planLines(plan), ...(await loss())]
        if (!(await isAgreed({ ...how, yes: false }, { lines, facts: plan }))) return
      }
    }
    const asked = await licenses.request(tokenId, order)
    if (how.wait) await follow(api, asked, how.output)
    else showAsked(how.output, asked)
  })
}

async function follow(api: Api, asked: IntentView, output: OutputForm): Promise<void> {
  const bar = progress(asked.action)
  let told: string | undefined
  try {
    const ended = await waitForIntent(licenseApi(api), asked.id, patience, (intent) =>
      bar.show(closedOf(intent), intent.totalCount),
    )
    told = `${ended.status}, ${ended.doneCount} of ${ended.totalCount} done.`
    bar.end(told)
    await showIntent(api, output, ended)
    if (ended.status !== 'done') process.exitCode = 1
  } finally {
    if (told === undefined) bar.end()
  }
}

function closedOf(intent: IntentView): number {
  return intent.doneCount + intent.skippedCount + intent.failedCount + intent.unknownCount
}

function showAsked(output: OutputForm, asked: IntentView): void {
  const people = () =>
    say(`The change ${asked.id} is under way. Look at it with: pomona license show ${asked.id}`)
  answer(output, { whole: asked, people })
}

interface DryRun {
  readonly order: LicenseOrder
  readonly plan: PlanView
  readonly takesAway: boolean
  /** What would go, one by one. */
  readonly lines: readonly string[]
}

/** Exit code 1 when nothing can be done of what was asked for, as without a dry run. */
function showDryRun(output: OutputForm, { order, plan, takesAway, lines }: DryRun): void {
  showPlan(output, plan, () => [...lines, endOf(plan, takesAway)].forEach(say))
  if (plan.refusal !== null) {
    remark(plan.refusal)
    process.exitCode = 2
  } else if (plan.toDoCount === 0 && !isAllAsWanted(plan, order.action === 'reclaim'))
    process.exitCode = 1
}

function endOf({ refusal, toDoCount }: PlanView, takesAway: boolean): string {
  if (refusal !== null) return 'Nothing was changed, and it would be refused now.'
  if (toDoCount === 0) return 'Nothing was changed, and nothing would be.'
  const how = takesAway ? 'with --yes instead of --dry-run' : 'without --dry-run'
  return `Nothing was changed. Repeat the command ${how} to do it.`
}

/** Exit code 1 when something that was asked for cannot be done. */
function showNothingToDo(output: OutputForm, plan: PlanView, { action }: LicenseOrder): void {
  showPlan(output, plan, () => say('There is nothing to take away; nothing was changed.'))
  if (!isAllAsWanted(plan, action === 'reclaim')) process.exitCode = 1
}

function showPlan(output: OutputForm, plan: PlanView, end: () => void): void {
  const people = () => {
    planLines(plan).forEach(say)
    end()
  }
  answer(output, { whole: plan, rows: plan.pairs, people })
}

/** Plans, starts and follows a change of licences or users, and shows what came of it. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Command } from 'commander'
import {
  type IntentView,
  isEnded,
  type LicenseOrder,
  licenseApi,
  type PlanView,
  type ReceiptView,
} from '../client/license-api.ts'
import { waitForIntent } from '../client/wait-for-intent.ts'
import type { Patience } from '../client/wait-for-sync.ts'
import { printFacts, printTable, remark, say } from './output.ts'
import { progress } from './progress.ts'
import { type OutputForm, printCsv, printRows, printValue } from './row-output.ts'
import { withApi } from './sign-in.ts'

export interface HowToDo {
  readonly dryRun: boolean
  readonly wait: boolean
  readonly output: OutputForm
}

/** A million licences take hours; whoever is less patient stops the command, not the change. */
const patience: Patience = {
  pollMs: 1_000,
  limitMs: 24 * 3_600_000,
  now: () => performance.now(),
  sleep: (ms) => delay(ms),
}

/** Sets the exit code to 1 when the change was waited for and is not whole, to 2 when it would be refused. */
export function carryOut(
  command: Command,
  tokenId: string,
  { dryRun, wait, output }: HowToDo,
  order: LicenseOrder,
): Promise<void> {
  return withApi(command, async (api) => {
    const licenses = licenseApi(api)
    if (dryRun) return showPlan(output, await licenses.plan(tokenId, order))
    const asked = await licenses.request(tokenId, order)
    if (!wait) return showAsked(output, asked)
    const bar = progress(order.action)
    const ended = await waitForIntent(licenses, asked.id, patience, (intent) =>
      bar.show(closedOf(intent), intent.totalCount),
    ).finally(() => bar.end())
    showIntent(output, ended, await licenses.receipts(ended.id, false))
    if (ended.status !== 'done') process.exitCode = 1
  })
}

function closedOf(intent: IntentView): number {
  return intent.doneCount + intent.skippedCount + intent.failedCount + intent.unknownCount
}

function showAsked(output: OutputForm, asked: IntentView): void {
  if (output === 'csv') printCsv([asked])
  else if (output === 'table')
    say(`The change ${asked.id} is under way. Look at it with: pomona license show ${asked.id}`)
  else printValue(output, asked)
}

function showPlan(output: OutputForm, plan: PlanView): void {
  if (plan.refusal !== null) {
    remark(plan.refusal)
    process.exitCode = 2
  }
  if (output === 'csv') printCsv(plan.pairs)
  else if (output === 'table') showPlanToPeople(plan)
  else printValue(output, plan)
}

function showPlanToPeople(plan: PlanView): void {
  if (plan.assets.length > 0)
    printTable(
      ['APP', 'QUALITY', 'TO DO', 'AVAILABLE NOW', 'ASSIGNED NOW'],
      plan.assets.map((asset) => [
        asset.adamId,
        asset.pricingParam,
        String(asset.toDoCount),
        asset.isUnlimited ? 'unlimited' : String(asset.availableCount),
        String(asset.assignedCount),
      ]),
    )
  const skipped = Object.entries(plan.skipped).map(([reason, count]) => `${count} ${reason}`)
  printFacts([
    ['to do', `${plan.toDoCount} of ${plan.totalCount}`],
    ['left out', skipped.length === 0 ? '-' : skipped.join(', ')],
    ['calls', `about ${plan.callCount}`],
  ])
  say('Nothing was changed. Repeat the command without --dry-run to do it.')
}

export function showIntent(
  output: OutputForm,
  intent: IntentView,
  receipts: readonly ReceiptView[],
): void {
  if (output === 'csv') printCsv(receipts)
  else if (output === 'table') showIntentToPeople(intent, receipts)
  else printValue(output, { ...intent, receipts })
}

function showIntentToPeople(intent: IntentView, receipts: readonly ReceiptView[]): void {
  printFacts([
    ['id', intent.id],
    ['status', intent.status],
    ['done', `${intent.doneCount} of ${intent.totalCount}`],
    ['as wanted before', String(intent.skippedCount)],
    ['failed', String(intent.failedCount)],
    ['unknown', String(intent.unknownCount)],
    ...(intent.message === null ? [] : [['message', intent.message] as const]),
  ])
  if (receipts.length > 0) printRows('table', receipts, receiptTable)
  else if (isEnded(intent) && intent.status === 'done') say('Everything is as wanted.')
}

const receiptTable = {
  head: ['APP', 'QUALITY', 'DEVICE', 'USER', 'STATUS', 'REASON', 'NUMBER'],
  cells: (receipt: ReceiptView) => [
    receipt.adamId || '-',
    receipt.pricingParam || '-',
    receipt.serialNumber ?? '-',
    receipt.clientUserId ?? '-',
    receipt.status,
    receipt.reason ?? '-',
    receipt.errorNumber === 0 ? '-' : String(receipt.errorNumber),
  ],
}

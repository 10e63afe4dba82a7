/** How far a change of licences or users has come, and what became of its parts, for people and programs. */
import type { Api } from '../client/api.ts'
import { type AppView, listApps } from '../client/library-api.ts'
import { type IntentView, isEnded, licenseApi, type ReceiptView } from '../client/license-api.ts'
import { reasonLines } from './license-plan-view.ts'
import { printFacts, say } from './output.ts'
import { answer, type OutputForm, printRows } from './row-output.ts'

/** With the receipts of what has not become as wanted; programs get all of them, as people do who ask for the whole. */
export async function showIntent(
  api: Api,
  output: OutputForm,
  intent: IntentView,
  isWhole = false,
): Promise<void> {
  const receipts = await licenseApi(api).receipts(intent.id, isWhole || output !== 'table')
  const short = output === 'table' ? await shortApps(api, intent, receipts) : []
  answer(output, {
    whole: { ...intent, receipts },
    rows: receipts,
    people: () => showIntentToPeople(intent, receipts, short),
  })
}

/** Apps and books that ran out of licences, with their counts (Apple 4.1, 9709). */
async function shortApps(
  api: Api,
  { tokenId }: IntentView,
  receipts: readonly ReceiptView[],
): Promise<readonly AppView[]> {
  const short = receipts.filter(({ reason }) => reason === 'notEnoughLicences')
  const adamIds = new Set(short.map(({ adamId }) => adamId))
  if (adamIds.size === 0) return []
  return (await listApps(api, tokenId)).filter(({ adamId }) => adamIds.has(adamId))
}

function showIntentToPeople(
  intent: IntentView,
  receipts: readonly ReceiptView[],
  short: readonly AppView[],
): void {
  printFacts([
    ['id', intent.id],
    ['status', intent.status],
    ['done', `${intent.doneCount} of ${intent.totalCount}`],
    ['left as it was', String(intent.skippedCount)],
    ['failed', String(intent.failedCount)],
    ['unknown', String(intent.unknownCount)],
    ...(intent.message === null ? [] : [['message', intent.message] as const]),
  ])
  if (receipts.length > 0) printRows('table', receipts, receiptTable)
  else if (isEnded(intent) && intent.status === 'done') say('Everything is as wanted.')
  for (const line of reasonLines(receipts.flatMap(({ reason }) => reason ?? []))) say(line)
  for (const { adamId, availableLicenseCount, totalLicenseCount } of short)
    say(
      `${adamId}: ${availableLicenseCount} of ${totalLicenseCount} licences are free, as the last sync found it.`,
    )
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

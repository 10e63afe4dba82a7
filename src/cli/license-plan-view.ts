/** What a change of licences or users would do, for people. */
import type { PlanView } from '../client/license-api.ts'
import { itemReasonText } from '../model/item-reason-text.ts'
import { factLines } from './output.ts'

/** Apps and books that are listed one by one. */
const mostListed = 20

export function planLines(plan: PlanView): readonly string[] {
  const { assets, toDoCount, totalCount, callCount, skipped } = plan
  const listed = assets.slice(0, mostListed)
  const others = assets.length - listed.length
  return [
    ...listed.map(assetLine),
    ...(others > 0 ? [`and ${others} more`] : []),
    ...factLines([
      ['to do', `${toDoCount} of ${totalCount}`],
      ['left out', leftOut(skipped)],
      ['calls', `about ${callCount}`],
    ]),
    ...reasonLines(Object.keys(skipped)),
  ]
}

function assetLine(asset: PlanView['assets'][number]): string {
  const { adamId, pricingParam, toDoCount, isUnlimited, availableCount, assignedCount } = asset
  const free = isUnlimited ? 'unlimited' : `${availableCount} free`
  return `${adamId} ${pricingParam}: ${toDoCount} to do (now ${free}, ${assignedCount} assigned)`
}

function leftOut(skipped: PlanView['skipped']): string {
  const counts = Object.entries(skipped).map(([reason, count]) => `${count} ${reason}`)
  return counts.length === 0 ? '-' : counts.join(', ')
}

/** Each reason once, with what it means and what to do. */
export function reasonLines(reasons: readonly string[]): readonly string[] {
  return [...new Set(reasons)].flatMap((reason) => {
    const text = itemReasonText(reason)
    return text === null ? [] : [`${reason}: ${text}`]
  })
}

/** Left out because it is as wanted, or because it can never be otherwise: nothing is wrong with it. */
const fine: ReadonlySet<string> = new Set(['alreadyDone', 'userExists'])

export function isAllAsWanted({ skipped }: PlanView, isReclaim: boolean): boolean {
  return Object.keys(skipped).every(
    (reason) => fine.has(reason) || (isReclaim && reason === 'notRevocable'),
  )
}

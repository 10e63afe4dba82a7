/** Which licences and users a change would take, for people to see before they agree. */
import type { LicenseApi, LicenseOrder, PlanView } from '../client/license-api.ts'
import { inOneLine } from './output.ts'

/** Pairs, users, or licences of one user that are listed one by one. */
const mostListed = 20

type Pair = PlanView['pairs'][number]

/** Empty for a change that takes nothing. Asks what the users who go hold: only their licences tell what is lost. */
export async function lossLines(
  licenses: LicenseApi,
  tokenId: string,
  { action }: LicenseOrder,
  plan: PlanView,
): Promise<readonly string[]> {
  if (!['unassign', 'reclaim', 'retireUsers'].includes(action)) return []
  const listed = plan.pairs.filter(({ skippedFor }) => skippedFor === null).slice(0, mostListed)
  const lines: string[] = []
  for (const pair of listed)
    lines.push(action === 'retireUsers' ? await userLine(licenses, tokenId, pair) : pairLine(pair))
  const more = plan.toDoCount - listed.length
  return [...lines.map(inOneLine), ...(more > 0 ? [moreLine(more, plan)] : [])]
}

/** A plan spells out no more than its first pairs. */
function moreLine(more: number, { pairs, totalCount }: PlanView): string {
  const which = pairs.length < totalCount ? `the first ${pairs.length}` : 'all'
  return `and ${more} more; --dry-run -o csv shows ${which}`
}

function pairLine(pair: Pair): string {
  const { serialNumber, clientUserId } = pair
  const from = serialNumber === undefined ? `user ${clientUserId}` : `device ${serialNumber}`
  return `${assetOf(pair)} from ${from}`
}

async function userLine(
  licenses: LicenseApi,
  tokenId: string,
  { clientUserId = '' }: Pair,
): Promise<string> {
  const { pairs, totalCount } = await licenses.plan(tokenId, { action: 'reclaim', clientUserId })
  if (totalCount === 0) return `user ${clientUserId}, without licences`
  const listed = pairs.slice(0, mostListed).map((pair) => {
    const stays = pair.skippedFor === null ? '' : ` (${pair.skippedFor})`
    return `${assetOf(pair)}${stays}`
  })
  const more = totalCount - listed.length
  const count = totalCount === 1 ? '1 licence' : `${totalCount} licences`
  return `user ${clientUserId}, with ${count}: ${listed.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function assetOf({ adamId, pricingParam }: Pair): string {
  return `${adamId} ${pricingParam}`
}

/** What a reclaim names and is not there: a slip of the pen must not look like work that is done. */
import type { Api } from '../client/api.ts'
import {
  type LicenseApi,
  type LicenseOrder,
  licenseApi,
  type PlanView,
} from '../client/license-api.ts'
import { Failure } from '../model/failure.ts'
import { remark } from './output.ts'

/**
 * Failure `notFound` when a named device, user or app has no licence here; a user who is registered and an app that is
 * owned may be without. Failure `misconfigured` when a list of known devices cannot be one of this location.
 */
export async function requireFound(
  api: Api,
  tokenId: string,
  order: LicenseOrder,
  plan: PlanView,
): Promise<void> {
  const { serialNumber, clientUserId, adamId, knownSerialNumbers } = order
  if (Array.isArray(knownSerialNumbers)) return requireOwnList(knownSerialNumbers.length, plan)
  if (plan.totalCount > 0) return
  const licenses = licenseApi(api)
  if (serialNumber !== undefined)
    throw absent(
      'device',
      `'${serialNumber}' holds none at this location, as the last sync found it. Check the serial number; pomona license list shows who holds what.`,
    )
  if (clientUserId !== undefined && !(await isUser(licenses, tokenId, String(clientUserId))))
    throw absent(
      'user',
      `no '${clientUserId}' is registered at this location, as the last sync found it. Check the id; pomona user list shows the users.`,
    )
  if (adamId !== undefined && !(await isOwned(licenses, tokenId, String(adamId))))
    throw absent(
      'app',
      `the location does not own '${adamId}', as the last sync found it. Check the number; pomona app list shows what it owns.`,
    )
}

/** Everything that a wrong list does not name would be taken for gone. */
function requireOwnList(readCount: number, { listedHolderCount, totalCount }: PlanView): void {
  const holders = listedHolderCount ?? 0
  const read = readCount === 1 ? '1 serial number' : `${readCount} serial numbers`
  remark(`${read} read, ${holders} of them ${holders === 1 ? 'holds' : 'hold'} licences here.`)
  if (holders > 0 || totalCount === 0) return
  throw new Failure(
    'misconfigured',
    'None of the listed devices holds a licence here, so every device would be taken for gone: this looks like the wrong list. Nothing was changed. Give the list of all devices that stay. If none does, take everything back, from users too, with --all in place of --orphans.',
    { property: 'orphans' },
  )
}

async function isUser(licenses: LicenseApi, tokenId: string, id: string): Promise<boolean> {
  const order = { action: 'retireUsers', users: [{ clientUserId: id }] }
  return (await licenses.plan(tokenId, order)).skipped.userNotFound === undefined
}

/** A plan for whatever device tells it, under each of the tokens of a location. */
async function isOwned(licenses: LicenseApi, tokenId: string, adamId: string): Promise<boolean> {
  const order = { action: 'assign', assets: [{ adamId }], serialNumbers: ['ANY'] }
  return (await licenses.plan(tokenId, order)).skipped.notOwned === undefined
}

function absent(what: string, why: string): Failure {
  return new Failure('notFound', `No licence of that ${what} here: ${why}`, { property: what })
}

import type { PairRow } from '../events/event.ts'
import { rowsOfTarget } from '../library/assignment-rows.ts'
import { findAsset, type Target } from '../library/library.ts'
import { accepted, unknownUsers } from './accepted.ts'
import type { Answer } from './answer.ts'
import {
  checkAssets,
  decodeAssetRequest,
  decodeRevokeRequest,
  type TargetLists,
} from './asset-write-request.ts'
import type { LocationCall } from './request.ts'

export const postAssociate = (call: LocationCall) => changePairs(call, 'ASSOCIATE')
export const postDisassociate = (call: LocationCall) => changePairs(call, 'DISASSOCIATE')

/** Every asset for every target, asset by asset (Apple contract 2.7). */
function changePairs(call: LocationCall, eventType: 'ASSOCIATE' | 'DISASSOCIATE'): Answer {
  const { world, library, body } = call
  const request = decodeAssetRequest(body, world.state)
  checkAssets(library, request, world.state, eventType === 'DISASSOCIATE')
  unknownUsers(call, request.clientUserIds)
  const targets = targetsOf(request)
  const items: PairRow[] = request.assets.flatMap(({ adamId, pricingParam }) =>
    targets.map((target) => ({ adamId, pricingParam, ...target })),
  )
  return accepted(call, { eventType, items })
}

/** What these targets have and can give back, as it is now: so many rows are requested (Apple contract 11.3 S4). */
export function postRevoke(call: LocationCall): Answer {
  const { world, library, body } = call
  const request = decodeRevokeRequest(body, world.state)
  const unknown = new Set(unknownUsers(call, request.clientUserIds))
  const items = targetsOf(request)
    .filter((target) => !('clientUserId' in target && unknown.has(target.clientUserId)))
    .flatMap((target) => rowsOfTarget(library.assignments, target))
    .filter((row) => findAsset(library, row)?.revocable === true)
    .map(({ adamId, pricingParam, target }): PairRow => ({ adamId, pricingParam, ...target }))
  const failed = [...unknown].map((clientUserId) => ({ errorNumber: 9609, row: { clientUserId } }))
  return accepted(call, { eventType: 'REVOKE', items }, failed)
}

function targetsOf({ clientUserIds, serialNumbers }: TargetLists): Target[] {
  return [
    ...clientUserIds.map((clientUserId) => ({ clientUserId })),
    ...serialNumbers.map((serialNumber) => ({ serialNumber })),
  ]
}

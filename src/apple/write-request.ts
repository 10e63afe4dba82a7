/** Changes of licences and users as Apple wants them asked for (Apple 2.7): one kind of target per call, the quality always named. */
import type { LicenseWrite } from '../model/apple-write.ts'
import type { WriteLimits } from '../ports/apple-vpp.ts'
import { type WriteEndpoint, writeShapeOf } from './endpoints.ts'
import type { JsonObject } from './json.ts'

export interface WriteRequest {
  readonly endpoint: WriteEndpoint
  readonly body: JsonObject
}

const endpoints = {
  associate: 'assets/associate',
  disassociate: 'assets/disassociate',
  revoke: 'assets/revoke',
  createUsers: 'users/create',
  updateUsers: 'users/update',
  retireUsers: 'users/retire',
} as const satisfies Record<LicenseWrite['kind'], WriteEndpoint>

const targetLists = { serialNumber: 'serialNumbers', clientUserId: 'clientUserIds' } as const

/** Only what Apple knows goes out, whatever else the objects carry. */
export function writeRequest(write: LicenseWrite): WriteRequest {
  return { endpoint: endpoints[write.kind], body: bodyOf(write) }
}

function bodyOf(write: LicenseWrite): JsonObject {
  switch (write.kind) {
    case 'associate':
    case 'disassociate':
      return {
        assets: write.assets.map(({ adamId, pricingParam }) => ({ adamId, pricingParam })),
        [targetLists[write.targetKind]]: write.targets,
      }
    case 'revoke':
      return { [targetLists[write.targetKind]]: write.targets }
    default:
      return {
        users: write.users.map(({ clientUserId, email, managedAppleId }) => ({
          clientUserId,
          ...(email === undefined ? {} : { email }),
          ...(managedAppleId === undefined ? {} : { managedAppleId }),
        })),
      }
  }
}

/** Why a write would certainly be refused, in words that hold none of its values. */
export interface WriteFault {
  readonly detail: string
  /** More than the limits allow, and nothing else is wrong: the parts of it could be sent. */
  readonly isOverLimits?: true
}

/** Apple must not be asked what it would refuse (Apple 3.1). Undefined when nothing is known against it. */
export function faultIn(write: LicenseWrite, limits: WriteLimits): WriteFault | undefined {
  const lists = listsIn(write, limits)
  const shape = writeShapeOf(endpoints[write.kind])
  for (const { name, keys } of lists) {
    if (keys.length === 0) return { detail: `${shape} without any of its ${name}` }
    if (new Set(keys).size < keys.length) return { detail: `${shape} with some ${name} twice` }
  }
  for (const { name, keys, most } of lists)
    if (keys.length > most)
      return {
        detail: `${shape} with ${keys.length} ${name}, where Apple allows ${most}`,
        isOverLimits: true,
      }
  return undefined
}

interface BoundedList {
  readonly name: string
  /** Equal keys are the same thing to Apple. */
  readonly keys: readonly string[]
  readonly most: number
}

function listsIn(write: LicenseWrite, limits: WriteLimits): readonly BoundedList[] {
  switch (write.kind) {
    case 'associate':
    case 'disassociate': {
      const keys = write.assets.map(({ adamId, pricingParam }) => `${adamId} ${pricingParam}`)
      const most = { serialNumber: limits.maxSerialNumbers, clientUserId: limits.maxClientUserIds }
      return [
        { name: 'assets', keys, most: limits.maxAssets },
        targetsIn(write, most[write.targetKind]),
      ]
    }
    case 'revoke': {
      const most = {
        serialNumber: limits.maxRevokeSerialNumbers,
        clientUserId: limits.maxRevokeClientUserIds,
      }
      return [targetsIn(write, most[write.targetKind])]
    }
    default: {
      const keys = write.users.map(({ clientUserId }) => clientUserId)
      return [{ name: 'users', keys, most: limits.maxUsers }]
    }
  }
}

function targetsIn(
  { targetKind, targets }: Extract<LicenseWrite, { readonly targets: readonly string[] }>,
  most: number,
): BoundedList {
  return { name: targetLists[targetKind], keys: targets, most }
}

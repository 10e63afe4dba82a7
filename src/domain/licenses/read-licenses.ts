/** Reads of the licences in use of one app (graph 5.4, Apple 9.2). */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { LicensePair } from '../../model/apple-write.ts'
import type { AssignedLicense } from '../../model/assigned-license.ts'
import { Failure } from '../../model/failure.ts'
import type { LibraryItem } from '../../model/library-item.ts'
import type { ListedPage, ListQuery, Predicate } from '../../model/list-query.ts'
import type { ContentKind } from '../../model/vpp-content-types.ts'
import type { HeldLicense, LicenseReads } from '../../ports/library-store.ts'
import type { Storage } from '../../ports/storage.ts'
import type { Actor } from '../tokens/actor.ts'
import { isIdOf, licenseId } from './license-id.ts'
import { getItem } from './read-library.ts'

export interface License {
  readonly record: AssignedLicense
  readonly kind: 'iosVppAppAssignedUserLicense' | 'iosVppAppAssignedDeviceLicense'
}

/** The licences of an app of this kind. Failure `notFound` when there is no such app. */
export async function licensesOf(storage: Storage, actor: Actor, kind: ContentKind, appId: string) {
  const { record } = await getItem(storage, actor, [kind], appId)
  const { licenses } = storage.forTenant(actor.tenantId).reads
  const { vppTokenId, adamId, locationId } = record
  const shown = (held: HeldLicense) => licenseOf(locationId ?? '', held)
  return {
    list: async (query: ListQuery): Promise<ListedPage<License>> => {
      const page = await licenses.list(vppTokenId, adamId, query)
      return { ...page, rows: page.rows.map(shown) }
    },
    count: (filter?: Predicate): Promise<number> => licenses.count(vppTokenId, adamId, filter),
    get: async (id: string): Promise<License> => {
      const pair = await findPair(licenses, record, id)
      const held = pair && (await licenses.find(vppTokenId, pair))
      if (held) return shown(held)
      throw absentLicense(id)
    },
  }
}

/**
 * Ids are worked out, not stored: a random index over all licences would cost every sync more than this costs one read. So the
 * app's licences are walked by their keys alone, and between the steps everybody else has a turn.
 */
async function findPair(
  licenses: LicenseReads,
  { vppTokenId, adamId, locationId }: LibraryItem,
  id: string,
): Promise<LicensePair | undefined> {
  for (let after: LicensePair | undefined; ; ) {
    const pairs = await licenses.listPairs(vppTokenId, adamId, after, walkedAtOnce)
    const found = pairs.find((pair) => isIdOf(id, locationId ?? '', pair))
    if (found || pairs.length < walkedAtOnce) return found
    after = pairs.at(-1)
    await nextTurn()
  }
}

/** About three milliseconds. */
const walkedAtOnce = 500

function licenseOf(uId: string, held: HeldLicense): License {
  const isUser = held.targetKind === 'clientUserId'
  return {
    kind: isUser ? 'iosVppAppAssignedUserLicense' : 'iosVppAppAssignedDeviceLicense',
    record: {
      id: licenseId(uId, held),
      userId: isUser ? held.target : null,
      userName: null,
      userEmailAddress: held.userEmailAddress,
      userPrincipalName: null,
      managedDeviceId: null,
      deviceName: isUser ? null : held.target,
    },
  }
}

function absentLicense(id: string): Failure {
  return new Failure(
    'notFound',
    `There is no licence '${id}' in use. It may have been taken back; list the licences to see which there are.`,
  )
}

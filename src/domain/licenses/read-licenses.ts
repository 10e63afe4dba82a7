/** Reads of the licences in use of one app (graph 5.4, Apple 9.2). */
import type { AssignedLicense } from '../../model/assigned-license.ts'
import { Failure } from '../../model/failure.ts'
import type { ListedPage, ListQuery, Predicate } from '../../model/list-query.ts'
import type { ContentKind } from '../../model/vpp-content-types.ts'
import type { HeldLicense } from '../../ports/library-store.ts'
import type { Storage } from '../../ports/storage.ts'
import type { Actor } from '../tokens/actor.ts'
import { licenseId } from './license-id.ts'
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
      for (let after: string | undefined; ; ) {
        const page = await licenses.list(vppTokenId, adamId, {
          limit: searchedAtOnce,
          ...(after === undefined ? {} : { after }),
        })
        const found = page.rows.map(shown).find((license) => license.record.id === id)
        if (found) return found
        if (page.next === undefined) throw absentLicense(id)
        after = page.next
      }
    },
  }
}

/** Ids are worked out, not stored, so one is found by looking through the app's licences. */
const searchedAtOnce = 1_000

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

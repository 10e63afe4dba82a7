/** A token with many licences of one app, or with apps that are as large as they may be; written past any sync. */
import type { Assignment } from '../../src/model/apple-rows.ts'
import type { Storage } from '../../src/ports/storage.ts'
import { assignment, guid, item, token, user } from '../contract/samples.ts'
import { tenantId } from '../running-service.ts'

export const locationId = '7000000000000042'
export const tokenId = guid(1)
export const appId = guid(2)
export const adamId = '9000000001'
const written = 10_000

/** Devices from `SER000000` on, and two users, of whom `u-0001` has an address. */
export async function addLicenses(storage: Storage, devices: number): Promise<void> {
  const users = ['u-0001', 'u-0002'].map(
    (target): Assignment => ({
      ...assignment(adamId, target),
      targetKind: 'clientUserId',
    }),
  )
  const { transaction } = storage.forTenant(tenantId)
  await transaction(async (stores) => {
    await stores.tokens.insert(token(tokenId, { locationId }))
    await stores.library.insert(tokenId, [item(appId, { adamId, contentKind: 'iosVppApp' })])
    await stores.users.insert(tokenId, [user('u-0001', { email: 'one@harbour.example' })])
    await stores.assignments.insert(tokenId, users)
  })
  for (let first = 0; first < devices; first += written) {
    const count = Math.min(written, devices - first)
    const rows = Array.from({ length: count }, (_, index) =>
      assignment(adamId, `SER${String(first + index).padStart(6, '0')}`),
    )
    await transaction((stores) => stores.assignments.insert(tokenId, rows))
  }
}

/** One in so many has a description as long as it may be, about 130 KiB in memory; the others as long as the store lets it be. */
export async function addLargeApps(storage: Storage, count: number, oneIn: number): Promise<void> {
  const { transaction } = storage.forTenant(tenantId)
  const largeApp = (number: number) =>
    item(guid(1_000 + number), {
      ...{ adamId: String(number), contentKind: 'iosVppApp', vppTokenId: guid(3) },
      description: 'ü'.repeat(number % oneIn === 0 ? 65_536 : 4_000),
      displayName: `App ${number}`,
      publisher: `Publisher ${number % 7}`,
    })
  await transaction((stores) => stores.tokens.insert(token(guid(3))))
  for (let first = 0; first < count; first += 100) {
    const numbers = Array.from(
      { length: Math.min(100, count - first) },
      (_, index) => first + index,
    )
    await transaction(({ library }) => library.insert(guid(3), numbers.map(largeApp)))
  }
}

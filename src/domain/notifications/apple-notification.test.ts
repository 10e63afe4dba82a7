import { expect, test } from 'vitest'
import { decodeNotification, staleBy } from './apple-notification.ts'

const count = {
  notificationType: 'ASSET_COUNT',
  notificationId: 'b0000000-0000-4000-8000-000000000001',
  uId: '7000000000000001',
  notification: { adamId: '9000000001', pricingParam: 'STDQ', countDelta: -3 },
}

test('reads the samples of the contract, and what it does not know', () => {
  expect(decodeNotification(count)).toEqual({
    ...{ type: 'ASSET_COUNT', id: count.notificationId, uId: count.uId, eventId: null },
  })
  const eventId = 'e0000000-0000-4000-8000-000000000001'
  expect(decodeNotification({ ...count, notification: { eventId, novelty: [] } })?.eventId).toBe(
    eventId,
  )
  expect(decodeNotification({ ...count, notificationType: 'NEW', novelty: 1 })?.type).toBe('NEW')
  const { notification: _, ...bare } = count
  expect(decodeNotification(bare)).toBeDefined()
  expect(decodeNotification({ ...count, notification: 'text' })?.eventId).toBeNull()
})

test.each([
  null,
  'text',
  [],
  {},
  { ...count, uId: 7 },
  { ...count, notificationId: '' },
  { ...count, notificationId: 'x'.repeat(257) },
  { ...count, notificationType: undefined },
  // What no database can keep (graph H9).
  { ...count, notificationId: 'b\u0000' },
  { ...count, notificationType: '\ud800' },
])('%j is no notification', (body) => {
  expect(decodeNotification(body)).toBeUndefined()
})

test.each([
  ['TEST_NOTIFICATION', []],
  ['ASSET_COUNT', ['counts']],
  ['ASSET_MANAGEMENT', ['counts', 'assignments']],
  ['USER_MANAGEMENT', ['users']],
  ['USER_ASSOCIATED', ['users']],
  ['UNLIMITED_ASSET', undefined],
])('%s makes %j stale', (type, facts) => {
  expect(staleBy(type)).toEqual(facts)
})

/** For tests of notifications: a world whose location tells a receiver of everything, made anew for each test. */
import { afterEach, beforeEach } from 'vitest'
import { type TestDrive, testDrive } from './test-drive.ts'
import { type TestReceiver, testReceiver } from './test-receiver.ts'
import { writesOf } from './test-writes.ts'

export const uId = '7000000000000001'
export const secret = 'made-up-secret-01'
export const app = { adamId: '9000000001', pricingParam: 'STDQ' }
export const all = ['ASSET_MANAGEMENT', 'USER_MANAGEMENT', 'USER_ASSOCIATED', 'ASSET_COUNT']

export function subscribedWorld() {
  let drive: TestDrive
  let apple: ReturnType<typeof writesOf>
  let receiver: TestReceiver

  const subscribe = (notificationTypes: string[]) =>
    apple.post('/client/config', {
      notificationUrl: receiver.url,
      notificationAuthToken: secret,
      notificationTypes,
    })

  beforeEach(async () => {
    receiver = await testReceiver()
    drive = await testDrive(['small', 'states'])
    apple = writesOf(drive, await drive.tokenFile(uId), uId)
    await apple.control('PATCH', '/settings', { allowHttpNotificationUrl: true })
    await subscribe(all)
    receiver.received.length = 0
  })
  afterEach(async () => {
    await drive.stop()
    await receiver.stop()
  })

  const log = async () => (await apple.control('GET', '/notifications')).notifications
  return {
    get drive() {
      return drive
    },
    get apple() {
      return apple
    },
    get receiver() {
      return receiver
    },
    subscribe,
    log,
    last: async () => (await log()).at(-1),
    told: () => receiver.received.map(({ body }) => body.notification),
    buy: (quantity: number) => apple.control('POST', `/libraries/${uId}/buy`, { ...app, quantity }),
  }
}

import 'reflect-metadata'
import { expect, test } from 'vitest'
import { issueLeaf } from '../../local-tls/leaf.ts'
import { createLocalCa } from '../../local-tls/local-ca.ts'
import { testDrive } from '../test-drive.ts'
import { testReceiver } from '../test-receiver.ts'
import { outcomeOf, writesOf } from '../test-writes.ts'

const uId = '7000000000000001'
const dayMs = 24 * 60 * 60 * 1000

test('a receiver of a private authority is reached only when that authority is a setting', async () => {
  const names = { dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] }
  // The handshake compares with the machine's clock.
  const now = Date.now()
  const validity = { notBefore: new Date(now - dayMs), notAfter: new Date(now + dayMs) }
  const ca = await createLocalCa({ commonName: 'Harbour authority', ...names, ...validity })
  const leaf = await issueLeaf({ ca, ...names, ...validity })
  const receiver = await testReceiver({ cert: leaf.certificatePem, key: leaf.privateKeyPem })
  const drive = await testDrive(['small'])
  const apple = writesOf(drive, await drive.tokenFile(uId), uId)
  const target = { notificationUrl: receiver.url, notificationAuthToken: 'made-up-secret-01' }

  expect(outcomeOf(await apple.post('/client/config', target))).toEqual([400, 9728])
  await apple.control('PATCH', '/settings', { notificationCa: ca.certificatePem })
  expect(outcomeOf(await apple.post('/client/config', target))).toEqual([200, undefined])
  await apple.control('PATCH', '/settings', { notificationCa: null })
  expect(outcomeOf(await apple.post('/client/config', target))).toEqual([400, 9728])
  expect(receiver.received.map(({ authorization }) => authorization)).toEqual([
    'Bearer made-up-secret-01',
  ])

  await drive.stop()
  await receiver.stop()
})

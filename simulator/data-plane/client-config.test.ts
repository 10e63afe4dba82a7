import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type TestDrive, testDrive } from '../test-drive.ts'

const uId = '7000000000000001'
const mdmInfo = {
  id: '5e1f0c4e-0000-4000-8000-00000000000a',
  name: 'Pomona at harbour.example',
  metadata: 'pomona',
}
let drive: TestDrive
let token: string

beforeEach(async () => {
  drive = await testDrive(['small'])
  token = await drive.tokenFile(uId)
})
afterEach(() => drive.stop())

const configure = (body: unknown) =>
  drive.apple('/client/config', token, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

describe('mdmInfo (Apple contract 2.3, 7)', () => {
  test('once set it stands in every answer, before the date and the uId', async () => {
    expect((await configure({ mdmInfo })).text).toBe(
      '{"countryISO2ACode":"DE","defaultPlatform":"enterprisestore","locationName":"Kiel Depot","websiteURL":"https://business.apple.com","mdmInfo":{"id":"5e1f0c4e-0000-4000-8000-00000000000a","name":"Pomona at harbour.example","metadata":"pomona"},"subscribedNotificationTypes":[],"tokenExpirationDate":"2027-03-01T08:00:00+0000","uId":"7000000000000001"}',
    )
    for (const path of ['/client/config', '/assets', '/assignments', '/users']) {
      expect((await drive.apple(path, token)).json.mdmInfo).toEqual(mdmInfo)
    }
  })

  test('the last write wins, also that of another server', async () => {
    await configure({ mdmInfo })
    const other = { id: 'other', name: 'Old MDM', metadata: 'x' }
    await drive.control('PUT', `/worlds/main/libraries/${uId}/mdm-info`, other)
    expect((await drive.apple('/users', token)).json.mdmInfo).toEqual(other)
    await drive.control('DELETE', `/worlds/main/libraries/${uId}/mdm-info`)
    expect((await drive.apple('/users', token)).json).not.toHaveProperty('mdmInfo')
  })
})

describe('what POST client/config refuses (Apple contract 2.3, 11.2)', () => {
  const https = 'https://pomona.harbour.example/apple/notify'
  test.each([
    ['mdmInfo without metadata', { mdmInfo: { id: 'a', name: 'b' } }, 9723],
    ['mdmInfo with an empty part', { mdmInfo: { id: 'a', name: '', metadata: 'c' } }, 9723],
    ['mdmInfo that is no object', { mdmInfo: 'a' }, 9602],
    ['mdmInfo null', { mdmInfo: null }, 9602],
    ['an id of 101 characters', { mdmInfo: { ...mdmInfo, id: 'i'.repeat(101) } }, 9724],
    ['a name of 101 characters', { mdmInfo: { ...mdmInfo, name: 'n'.repeat(101) } }, 9725],
    ['metadata of 256 characters', { mdmInfo: { ...mdmInfo, metadata: 'm'.repeat(256) } }, 9713],
    ['an address without token', { notificationUrl: https }, 9710],
    ['an address with an empty token', { notificationUrl: https, notificationAuthToken: '' }, 9710],
    ['a token without address', { notificationAuthToken: 'secret' }, 9710],
    [
      'a token of 513 characters',
      { notificationUrl: https, notificationAuthToken: 't'.repeat(513) },
      9711,
    ],
    ['plain http', { notificationUrl: 'http://pomona.example/', notificationAuthToken: 't' }, 9712],
    [
      'an address with a query',
      { notificationUrl: `${https}?a=1`, notificationAuthToken: 't' },
      9712,
    ],
    [
      'an address with an empty query',
      { notificationUrl: `${https}?`, notificationAuthToken: 't' },
      9712,
    ],
    ['a type that does not exist', { notificationTypes: ['ASSETS'] }, 9602],
    ['missing parts before limits', { mdmInfo: { id: 'i'.repeat(101), name: 'n' } }, 9723],
  ])('%s: nothing changes', async (_, body, number) => {
    const { status, json } = await configure(body)
    expect([status, json.errorNumber]).toEqual([400, number])
    const { mdmInfo: kept, notificationUrl } = (await drive.apple('/client/config', token)).json
    expect([kept, notificationUrl]).toEqual([undefined, undefined])
  })

  test('the longest values that fit are taken', async () => {
    const longest = { id: 'i'.repeat(100), name: 'n'.repeat(100), metadata: 'm'.repeat(255) }
    expect((await configure({ mdmInfo: longest })).json.mdmInfo).toEqual(longest)
  })

  test('a changed limit holds at once and shows in service/config', async () => {
    await drive.control('PATCH', '/worlds/main/settings', { limits: { maxMdmNameLength: 3 } })
    expect((await configure({ mdmInfo })).json.errorNumber).toBe(9725)
    expect((await drive.apple('/service/config')).json.limits.maxMdmNameLength).toBe(3)
  })
})

describe('notification targets (Apple contract 2.3, 6)', () => {
  let receiver: Server
  let received: { headers: IncomingHttpHeaders; body: string }[]
  let answerStatus: number

  beforeEach(async () => {
    received = []
    answerStatus = 200
    receiver = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () => {
        received.push({ headers: request.headers, body })
        response.writeHead(answerStatus, { connection: 'close' }).end()
      })
    })
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
    await drive.control('PATCH', '/worlds/main/settings', { allowHttpNotificationUrl: true })
  })
  afterEach(() => receiver.close())

  const target = () => ({
    notificationUrl: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/notify/n-01`,
    notificationAuthToken: 'made-up-secret-01',
  })

  test('Apple knocks with TEST_NOTIFICATION; taken, the target is stored and echoed in clear', async () => {
    const types = ['TEST_NOTIFICATION', 'ASSET_COUNT', 'USER_MANAGEMENT']
    const { status, json } = await configure({ ...target(), notificationTypes: types })
    expect(status).toBe(200)
    expect(json).toMatchObject({
      ...target(),
      subscribedNotificationTypes: ['ASSET_COUNT', 'USER_MANAGEMENT'],
    })
    expect(received.map(({ headers, body }) => [headers.authorization, JSON.parse(body)])).toEqual([
      [
        'Bearer made-up-secret-01',
        {
          notificationType: 'TEST_NOTIFICATION',
          notificationId: 'b0000000-0000-4000-8000-000000000001',
          uId,
          notification: {},
        },
      ],
    ])
  })

  test('not taken: 9728, and nothing of the call is kept, mdmInfo neither', async () => {
    answerStatus = 401
    const { status, json } = await configure({ mdmInfo, ...target() })
    expect([status, json.errorNumber]).toEqual([400, 9728])
    const config = (await drive.apple('/client/config', token)).json
    expect([config.mdmInfo, config.notificationUrl]).toEqual([undefined, undefined])
  })

  test('empty texts take the target away, or are refused, by switch', async () => {
    await configure(target())
    const nothing = { notificationUrl: '', notificationAuthToken: '' }
    await drive.control('PATCH', '/worlds/main/switches', { emptyNotificationUrl: 9712 })
    expect((await configure(nothing)).json.errorNumber).toBe(9712)
    await drive.control('PATCH', '/worlds/main/switches', { emptyNotificationUrl: 'clears' })
    expect((await configure(nothing)).json).not.toHaveProperty('notificationUrl')
  })

  test('the secret is not in the journal', async () => {
    await configure(target())
    const { json } = await drive.control('GET', '/worlds/main/journal')
    expect(json.entries.at(-1).body.notificationAuthToken).toBe('[secret]')
    expect(JSON.stringify(json)).not.toContain('made-up-secret-01')
  })
})

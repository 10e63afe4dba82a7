import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type TestDrive, testDrive } from '../test-drive.ts'

const uId = '7000000000000001'
const common = '"tokenExpirationDate":"2027-03-01T08:00:00+0000","uId":"7000000000000001"}'
let drive: TestDrive
let token: string

beforeEach(async () => {
  drive = await testDrive(['small'])
  token = await drive.tokenFile(uId)
})
afterEach(() => drive.stop())

const post = (path: string, body?: unknown) =>
  drive.apple(`/subscriptions/${path}`, token, {
    method: 'POST',
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  })

describe('subscriptions (Apple contract 2.9, 11.3 S11)', () => {
  test.each([
    ['/subscriptions', 'subscriptions'],
    ['/subscriptions/assignments', 'assignments'],
    ['/subscriptions/admins', 'admins'],
  ])('%s is an empty list without a next cursor', async (path, list) => {
    const { status, text } = await drive.apple(path, token)
    expect({ status, text }).toEqual({
      status: 200,
      text: `{"${list}":[],"versionId":"a8000000-0000-4000-8000-000000000001",${common}`,
    })
  })

  test('enable and disable take no body and answer the flag', async () => {
    const enabled = await post('enable')
    expect({ status: enabled.status, text: enabled.text }).toEqual({
      status: 200,
      text: `{"mdmInfo":null,"subscriptionManagement":true,${common}`,
    })
    expect((await post('disable', {})).json.subscriptionManagement).toBe(false)
    const { json } = await drive.control('GET', '/worlds/main/journal')
    expect(json.entries.map((entry: { effect: string }) => entry.effect)).toEqual([
      'subscriptions enabled',
      'subscriptions disabled',
    ])
  })

  test('the flag belongs to the token, not to its location', async () => {
    const there = `/worlds/main/libraries/${uId}/tokens`
    await drive.control('POST', there, { account: 'b@harbour.example' })
    await post('enable')
    const { tokens } = (await drive.control('GET', there)).json
    expect(
      tokens.map((shown: { managesSubscriptions: boolean }) => shown.managesSubscriptions),
    ).toEqual([true, false])
  })

  test.each(['associate', 'disassociate', 'admins/add', 'admins/remove'])(
    'POST %s is refused with 9811',
    async (path) => {
      const { status, json } = await post(path, { adamIds: [1], clientUserIds: ['u-0001'] })
      expect([status, json.errorNumber]).toEqual([400, 9811])
    },
  )
})

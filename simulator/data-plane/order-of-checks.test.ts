import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDrive, testDrive } from '../test-drive.ts'

let drive: TestDrive
let token: string
let readOnly: string
let expired: string

beforeAll(async () => {
  drive = await testDrive(['small', 'states'])
  token = await drive.tokenFile('7000000000000001')
  readOnly = await drive.tokenFile('7000000000000017')
  expired = await drive.tokenFile('7000000000000013')
})
afterAll(() => drive.stop())

const post = (body: string, contentType = 'application/json'): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': contentType },
  body,
})

function outcome({ status, json }: Awaited<ReturnType<TestDrive['apple']>>) {
  return [status, json?.errorNumber]
}

describe('the order of checks (Apple contract 11.2): each stage hides the ones behind it', () => {
  test('an unknown path is a 404 without a body, whatever else is wrong', async () => {
    const answer = await drive.apple('/licences', undefined, { method: 'DELETE' })
    expect([answer.status, answer.text]).toEqual([404, ''])
  })

  test('the verb is looked at before the token', async () => {
    expect(outcome(await drive.apple('/assets', undefined, { method: 'DELETE' }))).toEqual([
      405, 9726,
    ])
    expect(outcome(await drive.apple('/service/config', token, post('{}')))).toEqual([405, 9726])
  })

  test('without a header 9601; in another form 9722', async () => {
    const withHeader = (authorization: string) =>
      drive.apple('/assets', undefined, { headers: { authorization } })
    expect(outcome(await drive.apple('/assets'))).toEqual([401, 9601])
    expect(outcome(await withHeader(`bearer ${token}`))).toEqual([401, 9722])
    expect(outcome(await withHeader(token))).toEqual([401, 9722])
    expect(outcome(await withHeader(`Bearer ${token} more`))).toEqual([401, 9722])
  })

  test.each([
    ['valid', '7000000000000010', [200, undefined]],
    ['thirty days left', '7000000000000011', [200, undefined]],
    ['twelve hours left', '7000000000000012', [200, undefined]],
    ['expired', '7000000000000013', [401, 9621]],
    ['revoked', '7000000000000014', [401, 9625]],
    ['unknown, by default with status 200', '7000000000000015', [200, 9622]],
    ['legacy', '7000000000000016', [403, 9647]],
    ['read-only', '7000000000000017', [200, undefined]],
  ])('a token that is %s', async (_, uId, expected) => {
    expect(outcome(await drive.apple('/assets', await drive.tokenFile(uId)))).toEqual(expected)
  })

  test('a token is compared byte for byte: the inner text and another layout are unknown', async () => {
    const decoded = JSON.parse(Buffer.from(token, 'base64').toString('utf8'))
    const rewrapped = Buffer.from(JSON.stringify(decoded, null, 1)).toString('base64')
    expect(outcome(await drive.apple('/assets', decoded.token))).toEqual([200, 9622])
    expect(outcome(await drive.apple('/assets', rewrapped))).toEqual([200, 9622])
  })

  test('a read-only token reads assets, assignments and users, nothing else', async () => {
    expect(outcome(await drive.apple('/assignments', readOnly))).toEqual([200, undefined])
    expect(outcome(await drive.apple('/users', readOnly))).toEqual([200, undefined])
    expect(outcome(await drive.apple('/client/config', readOnly))).toEqual([403, 9637])
    expect(
      outcome(await drive.apple('/client/config', readOnly, post('no JSON', 'text/plain'))),
    ).toEqual([403, 9637])
  })

  test('the token is judged before the content type, that before the JSON', async () => {
    expect(outcome(await drive.apple('/client/config', expired, post('{', 'text/plain')))).toEqual([
      401, 9621,
    ])
    expect(outcome(await drive.apple('/client/config', token, post('{', 'text/plain')))).toEqual([
      415, 9727,
    ])
    expect(outcome(await drive.apple('/client/config', token, post('{')))).toEqual([400, 9602])
  })

  test('the token is judged before what is asked of it', async () => {
    expect(outcome(await drive.apple('/assets/associate', readOnly, post('{}')))).toEqual([
      403, 9637,
    ])
    expect(outcome(await drive.apple('/status?eventId=e', expired))).toEqual([401, 9621])
  })

  test('another world knows none of these tokens', async () => {
    await drive.control('POST', '/worlds', { name: 'side' })
    const side = drive.dataUrl.replace('/mdm/v2', '/worlds/side/mdm/v2')
    const response = await fetch(`${side}/assets`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect(await response.json()).toMatchObject({ errorNumber: 9622 })
    expect((await fetch(side.replace('side', 'nowhere'))).status).toBe(404)
  })
})

import { describe, expect, test } from 'vitest'
import { connectApi, type Fetch } from './api.ts'
import { tokenApi } from './token-api.ts'
import { waitForSync } from './wait-for-sync.ts'

const credentials = {
  origin: 'https://pomona.example',
  tenantId: 'T',
  clientId: 'C',
  clientSecret: 'hunter2',
}

interface Sent {
  readonly line: string
  readonly authorization: string | undefined
  readonly body: string | undefined
}

/** Answers sign-ins with `at-1`, `at-2`, … and everything else in the order given. */
function service(answers: readonly (readonly [status: number, body: unknown])[]) {
  const sent: Sent[] = []
  const left = [...answers]
  let signIns = 0
  const fetch: Fetch = async (url, { method = 'GET', headers = {}, body } = {}) => {
    sent.push({ line: `${method} ${url}`, authorization: headers.Authorization, body })
    const reply = (status: number, value: unknown) => ({
      status,
      text: async () =>
        value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value),
    })
    if (url.endsWith('/oauth2/v2.0/token')) {
      signIns += 1
      return reply(200, { access_token: `at-${signIns}` })
    }
    const [status, value] = left.shift() ?? [500, 'nothing left to answer']
    return reply(status, value)
  }
  return { sent, api: tokenApi(connectApi(fetch, credentials)) }
}

const base = 'https://pomona.example'

describe('the client of the token API', () => {
  test('lists every page, at the origin it was told, whatever host a link names', async () => {
    const next = 'https://elsewhere.example/pomona/v1/tokens?$top=999&$skiptoken=abc'
    const { sent, api } = service([
      [200, { value: [{ id: '1' }], '@odata.nextLink': next }],
      [200, { value: [{ id: '2' }] }],
    ])
    expect(await api.list()).toEqual([{ id: '1' }, { id: '2' }])
    expect(sent.map(({ line }) => line)).toEqual([
      `POST ${base}/T/oauth2/v2.0/token`,
      `GET ${base}/pomona/v1/tokens?$top=999`,
      `GET ${base}/pomona/v1/tokens?$top=999&$skiptoken=abc`,
    ])
  })

  test('follows no link out of the list', async () => {
    const link = `${base}/admin`
    const { api } = service([[200, { value: [], '@odata.nextLink': link }]])
    await expect(api.list()).rejects.toMatchObject({ code: 'unavailable' })
  })

  test('signs in once, and once more when the access token has run out', async () => {
    const { sent, api } = service([
      [200, { id: '1' }],
      [401, { error: { message: 'expired' } }],
      [200, { id: '1' }],
    ])
    await api.get('1')
    await api.get('1')
    expect(sent.map(({ authorization }) => authorization)).toEqual([
      undefined,
      'Bearer at-1',
      'Bearer at-1',
      undefined,
      'Bearer at-2',
    ])
  })

  test('does not sign in again and again when a fresh access token is refused', async () => {
    const { sent, api } = service([[401, { error: { message: 'wrong audience' } }]])
    await expect(api.get('1')).rejects.toMatchObject({
      code: 'accessTokenRefused',
      message: 'wrong audience (GET /pomona/v1/tokens/1, HTTP 401)',
    })
    expect(sent).toHaveLength(2)
  })

  test('asks for a check, creates, renews, syncs and removes with the requests of the contract', async () => {
    const { sent, api } = service([
      [200, { ok: true }],
      [200, { ok: true }],
      [201, { id: '7' }],
      [200, { id: '7' }],
      [200, { lastSyncStatus: 'inProgress' }],
      [200, { lastSyncStatus: 'completed' }],
      [204, undefined],
    ])
    await api.check('abc')
    await api.check('abc', '7')
    expect(await api.add({ displayName: 'Kiel', token: 'abc' })).toBe('7')
    await api.renew('7', 'def')
    expect(await api.requestSync('7')).toBe(true)
    expect(await api.requestSync('7')).toBe(false)
    await api.remove('7')
    expect(sent.slice(1).map(({ line, body }) => [line.replace(base, ''), body])).toEqual([
      ['POST /pomona/v1/checkToken', '{"token":"abc"}'],
      ['POST /pomona/v1/checkToken', '{"token":"abc","renews":"7"}'],
      ['POST /beta/deviceAppManagement/vppTokens', '{"displayName":"Kiel","token":"abc"}'],
      ['PATCH /beta/deviceAppManagement/vppTokens/7', '{"token":"def"}'],
      ['POST /beta/deviceAppManagement/vppTokens/7/syncLicenses', undefined],
      ['POST /beta/deviceAppManagement/vppTokens/7/syncLicenses', undefined],
      ['DELETE /beta/deviceAppManagement/vppTokens/7', undefined],
    ])
  })

  test.each([
    [400, 'badRequest'],
    [403, 'forbidden'],
    [404, 'notFound'],
    [409, 'conflict'],
    [429, 'throttled'],
    [501, 'notServed'],
    [500, 'unavailable'],
    [503, 'unavailable'],
  ])('tells an answer %i as %s, in the service’s own words', async (status, code) => {
    const { api } = service([[status, { error: { code: 'X', message: 'So it is.' } }]])
    await expect(api.remove('7')).rejects.toMatchObject({
      code,
      message: `So it is. (DELETE /beta/deviceAppManagement/vppTokens/7, HTTP ${status})`,
    })
  })

  test('tells an answer of something else than Pomona', async () => {
    const { api } = service([[200, '<html>Sign in to the hotel’s network</html>']])
    await expect(api.get('1')).rejects.toThrow('is not JSON, so it did not come from Pomona')
  })
})

describe('waiting for a sync', () => {
  const patience = () => {
    let nowMs = 0
    const sleep = async (ms: number) => {
      nowMs += ms
    }
    return { pollMs: 500, limitMs: 1_000, now: () => nowMs, sleep }
  }

  test('ends with the token when none is under way any more', async () => {
    const { api } = service([
      [200, { lastSyncStatus: 'inProgress' }],
      [200, { lastSyncStatus: 'inProgress' }],
      [200, { lastSyncStatus: 'failed', state: 'invalid' }],
    ])
    expect(await waitForSync(api, '7', patience())).toEqual({
      lastSyncStatus: 'failed',
      state: 'invalid',
    })
  })

  test('ends at its limit and says that the sync goes on', async () => {
    const { api } = service(
      Array.from({ length: 9 }, () => [200, { lastSyncStatus: 'inProgress' }]),
    )
    await expect(waitForSync(api, '7', patience())).rejects.toMatchObject({
      code: 'unavailable',
      message:
        "The sync of '7' has not ended within 1 s. It goes on at the service; look again with: pomona token show 7.",
    })
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { everyRole, type RunningService, runningService, tenantId } from '../running-service.ts'

const set = '/deviceAppManagement/vppTokens'
const absent = `${set}/00000000-0000-4000-8000-000000000404`
const json = { 'Content-Type': 'application/json' }

describe('a batch', () => {
  let service: RunningService
  beforeAll(async () => {
    service = await runningService({ appleMode: 'off' })
  })
  afterAll(() => service.close())
  beforeEach(async () => {
    const { json: list } = await service.ask('GET', `/beta${set}`)
    for (const { id } of list.value) await service.ask('DELETE', `/beta${set}/${id}`)
  })

  const send = (requests: unknown, version = 'beta') =>
    service.ask('POST', `/${version}/$batch`, { body: { requests } })
  const statuses = async (requests: readonly object[]) => {
    const { json: answered } = await send(requests)
    return answered.responses.map(({ id, status }: { id: string; status: number }) => [id, status])
  }

  test('answers each item as the request would be answered alone', async () => {
    const { json: stored } = await service.ask('POST', `/beta${set}`, {
      body: { displayName: 'Kiel' },
    })
    const answered = await send([
      { id: 'one', method: 'GET', url: `${set}/${stored.id}?$select=displayName` },
      { id: 'all', method: 'get', url: `${set.slice(1)}?$select=id` },
      { id: 'count', method: 'GET', url: `${set}/$count` },
      { id: 'none', method: 'GET', url: absent },
      {
        id: 'gone',
        method: 'DELETE',
        url: `${set}/${stored.id}`,
        dependsOn: ['one', 'all', 'count'],
      },
    ])
    expect(answered.status).toBe(200)
    const byId = Object.fromEntries(
      answered.json.responses.map((one: { id: string }) => [one.id, one]),
    )
    const context = `${service.origin}/beta/$metadata#deviceAppManagement/vppTokens`
    expect(byId.one.body).toEqual({
      '@odata.context': `${context}(displayName)/$entity`,
      displayName: 'Kiel',
    })
    expect(byId.one.headers.ETag).toBe('W/"1"')
    expect(byId.all.body).toEqual({
      '@odata.context': `${context}(id)`,
      value: [{ id: stored.id }],
    })
    expect([byId.count.status, byId.count.body]).toEqual([200, '1'])
    expect([byId.none.status, byId.none.body.error.code]).toEqual([404, 'ResourceNotFound'])
    expect(byId.gone).toEqual({ id: 'gone', status: 204, headers: expect.any(Object) })
  })

  test('creates with the headers and body of the item, and shows where', async () => {
    const { json: answered } = await send([
      { id: '1', method: 'POST', url: set, headers: json, body: { displayName: 'Kiel' } },
      {
        id: '2',
        method: 'POST',
        url: `/organization/${tenantId}/appleVolumePurchaseProgramTokens`,
        headers: { ...json, Prefer: 'return=minimal' },
        body: { organizationName: 'Harbour' },
      },
    ])
    const [first, second] = answered.responses
    expect([first.status, first.body.displayName]).toEqual([201, 'Kiel'])
    expect(first.headers.Location).toBe(
      `${service.origin}/beta/deviceAppManagement/vppTokens('${first.body.id}')`,
    )
    expect([second.status, second.body, second.headers['Preference-Applied']]).toEqual([
      204,
      undefined,
      'return=minimal',
    ])
  })

  test('an item that depends on a failed one is not sent and answers 424, and so do those behind it', async () => {
    expect(
      await statuses([
        { id: 'c', method: 'POST', url: set, headers: json, body: {}, dependsOn: ['b'] },
        { id: 'b', method: 'POST', url: set, headers: json, body: {}, dependsOn: ['a'] },
        { id: 'a', method: 'GET', url: absent },
        { id: 'd', method: 'GET', url: set },
      ]),
    ).toEqual([
      ['c', 424],
      ['b', 424],
      ['a', 404],
      ['d', 200],
    ])
    expect((await service.ask('GET', `/beta${set}/$count`)).text).toBe('0')
  })

  test.each([
    [
      'a nested batch',
      { method: 'POST', url: '/$batch', headers: json, body: { requests: [] } },
      400,
    ],
    ['an absolute url', { method: 'GET', url: 'https://elsewhere.example/x' }, 400],
    ['a url with a host', { method: 'GET', url: '//elsewhere.example/x' }, 400],
    ['an unknown segment', { method: 'GET', url: '/nope' }, 400],
    ['a body without a content type', { method: 'POST', url: set, body: {} }, 400],
    ['a wrong verb', { method: 'PUT', url: set }, 405],
    ['an operation of the other version', { method: 'GET', url: '/../v1.0/nope' }, 400],
  ])('%s is refused as an item', async (_, item, status) => {
    expect(await statuses([{ id: '1', ...item }])).toEqual([['1', status]])
  })

  test.each([
    ['no list', undefined, /list 'requests'/],
    ['an empty list', [], /list 'requests'/],
    [
      '21 items',
      Array.from({ length: 21 }, (_, n) => ({ id: `${n}`, method: 'GET', url: set })),
      /at most 20/,
    ],
    ['an item without id', [{ method: 'GET', url: set }], /no 'id'/],
    ['two of one id', [1, 2].map(() => ({ id: 'x', method: 'GET', url: set })), /same id/],
    ['an unknown dependency', [{ id: 'x', method: 'GET', url: set, dependsOn: ['y'] }], /'y'/],
    [
      'a circle',
      [
        { id: 'x', method: 'GET', url: set, dependsOn: ['y'] },
        { id: 'y', method: 'GET', url: set, dependsOn: ['x'] },
      ],
      /circle/,
    ],
  ])('%s is refused as a whole', async (_, requests, message) => {
    const { status, json: answered } = await send(requests)
    expect([status, answered.error.code]).toEqual([400, 'BadRequest'])
    expect(answered.error.message).toMatch(message)
  })

  test('what is refused before it is sent is JSON as every refusal is', async () => {
    const { json: answered } = await send([
      { id: '1', method: 'GET', url: 'https://elsewhere.example' },
    ])
    expect(answered.responses[0]).toEqual({
      id: '1',
      status: 400,
      headers: { 'Content-Type': 'application/json' },
      body: { error: expect.objectContaining({ code: 'BadRequest' }) },
    })
  })

  test('shares the size of one answer among its items: a list ends its page early and leads on', async () => {
    const displayName = 'x'.repeat(4_096)
    const roleScopeTagIds = Array.from({ length: 100 }, () => 'y'.repeat(64))
    for (let n = 0; n < 40; n++)
      await service.ask('POST', `/beta${set}`, { body: { displayName, roleScopeTagIds } })
    const item = { method: 'GET', url: `${set}?$top=999` }
    const { json: answered, text } = await send(
      Array.from({ length: 20 }, (_, n) => ({ id: `${n}`, ...item })),
    )
    expect(text.length).toBeLessThan(5_000_000)
    for (const { body } of answered.responses) {
      expect(body.value.length).toBeLessThan(40)
      expect(body['@odata.nextLink']).toContain('$skiptoken')
    }
    const alone = await service.ask('GET', `/beta${set}?$top=999`)
    expect(alone.json.value).toHaveLength(40)
  })

  test("runs on the caller's own rights, whatever Authorization an item carries", async () => {
    const other = '11111111-1111-4111-8111-111111111111'
    await service.addTenant(other)
    const { id, secret } = await service.addClient(other, everyRole)
    const accessToken = await service.accessTokenOf(other, id, secret)
    await service.ask('POST', `/beta${set}`, { body: { displayName: 'not theirs' } })
    const { json: own } = await service.ask('GET', `/beta${set}`)
    const { json: answered } = await service.ask('POST', '/beta/$batch', {
      accessToken,
      body: {
        requests: [
          { id: '1', method: 'GET', url: set, headers: { Authorization: 'Bearer nonsense' } },
          { id: '2', method: 'GET', url: `${set}/${own.value[0].id}` },
        ],
      },
    })
    const [list, one] = answered.responses
    expect([list.status, list.body.value, one.status]).toEqual([200, [], 404])
  })

  test('needs an access token, and stays within the size of any body', async () => {
    const refused = await service.ask('POST', '/beta/$batch', { accessToken: null, body: {} })
    expect(refused.status).toBe(401)
    const large = await service.ask('POST', '/beta/$batch', {
      body: { requests: ['x'.repeat(300_000)] },
    })
    expect([large.status, large.json.error.code]).toEqual([413, 'RequestEntityTooLarge'])
  })
})

describe('a batch of a client that asks too often', () => {
  test('stays 200 as a whole; each item that is too much is a 429 with its own Retry-After', async () => {
    const service = await runningService({ appleMode: 'off', settings: { 'throttle-requests': 2 } })
    const requests = [1, 2, 3].map((n) => ({ id: `${n}`, method: 'GET', url: `${set}/$count` }))
    const { status, json: answered } = await service.ask('POST', '/v1.0/$batch', {
      body: { requests },
    })
    expect(status).toBe(200)
    expect(answered.responses.map((one: { status: number }) => one.status)).toEqual([200, 200, 429])
    const { headers, body } = answered.responses[2]
    expect(headers['Retry-After']).toMatch(/^([1-9]|1\d|20)$/)
    expect(body.error).toMatchObject({
      code: 'TooManyRequests',
      message: 'Please retry again later.',
      innerError: { code: '429', status: '429' },
    })
    const alone = await service.ask('GET', `/v1.0${set}`)
    expect([alone.status, alone.headers['retry-after']]).toEqual([
      429,
      expect.stringMatching(/^([1-9]|1\d|20)$/),
    ])
    await service.close()
  })
})

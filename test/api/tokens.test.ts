import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { everyRole, type RunningService, runningService, tenantId } from '../running-service.ts'

const v1 = '/v1.0/deviceAppManagement/vppTokens'
const beta = '/beta/deviceAppManagement/vppTokens'
const old = `/beta/organization/${tenantId}/appleVolumePurchaseProgramTokens`
const roots = [
  ['v1.0', v1],
  ['beta', beta],
  ['old', old],
] as const
const absentId = '00000000-0000-4000-8000-000000000404'
const otherTenant = '11111111-1111-4111-8111-111111111111'

// The content token V1 of the Apple contract (1.4).
const v1File =
  'eyJ0b2tlbiI6ImNHOXRiMjVoTFcxaFpHVXRkWEF0TURBd01RPT0iLCJleHBEYXRlIjoiMjAyNy0wMy0wMVQwODowMDowMCswMDAwIiwib3JnTmFtZSI6IkhhcmJvdXIgQ3JhbmVzIEdtYkgifQ=='

describe('the tokens in mode off', () => {
  let service: RunningService
  let otherAccessToken = ''
  beforeAll(async () => {
    service = await runningService({ appleMode: 'off' })
    await service.addTenant(otherTenant)
    const { id, secret } = await service.addClient(otherTenant, everyRole)
    otherAccessToken = await service.accessTokenOf(otherTenant, id, secret)
  })
  afterAll(() => service.close())
  beforeEach(async () => {
    const { json } = await service.ask('GET', v1)
    for (const { id } of json.value) await service.ask('DELETE', `${v1}/${id}`)
  })

  const create = async (body: object = {}, path: string = beta) =>
    (await service.ask('POST', path, { body })).json

  describe('a create', () => {
    test('fills in what is not sent', async () => {
      const before = new Date().toISOString()
      const created = await create({ displayName: 'Kiel' })
      const { '@odata.context': _, id, lastModifiedDateTime, ...rest } = created
      expect(rest).toEqual({
        organizationName: null,
        vppTokenAccountType: 'business',
        appleId: null,
        expirationDateTime: '0001-01-01T00:00:00Z',
        lastSyncDateTime: '0001-01-01T00:00:00Z',
        token: null,
        state: 'unknown',
        lastSyncStatus: 'none',
        automaticallyUpdateApps: false,
        countryOrRegion: null,
        displayName: 'Kiel',
        locationName: null,
        dataSharingConsentGranted: false,
        claimTokenManagementFromExternalMdm: false,
        roleScopeTagIds: ['0'],
        tokenActionResults: [],
        appleDeviceAppDeliveryProtocolType: 'default',
        lastAppCount: 0,
      })
      expect(lastModifiedDateTime.slice(0, 19) >= before.slice(0, 19)).toBe(true)
      expect(lastModifiedDateTime.endsWith('Z')).toBe(true)
    })

    test('takes organization and expiry from a real content token, encoded once or twice', async () => {
      for (const token of [v1File, Buffer.from(v1File).toString('base64')]) {
        const created = await create({
          token,
          organizationName: 'as the caller thinks',
          expirationDateTime: '2030-01-01T00:00:00+02:00',
        })
        expect(created).toMatchObject({
          token,
          organizationName: 'Harbour Cranes GmbH',
          expirationDateTime: '2027-03-01T08:00:00Z',
        })
      }
    })

    test('with Prefer: return=minimal answers where the record is, and nothing else', async () => {
      const answered = await service.ask('POST', v1, {
        headers: { prefer: 'return=minimal' },
        body: { appleId: 'a' },
      })
      const { value } = (await service.ask('GET', v1)).json
      expect(answered.status).toBe(204)
      expect(answered.text).toBe('')
      expect(answered.headers).toMatchObject({
        location: `${service.origin}${v1}('${value[0].id}')`,
        'odata-entityid': `${service.origin}${v1}('${value[0].id}')`,
        'preference-applied': 'return=minimal',
      })
    })
  })

  describe('a create with an Idempotency-Key', () => {
    const send = (body: object, headers: object = {}, path: string = beta) =>
      service.ask('POST', path, { body, headers: { 'idempotency-key': 'key-1', ...headers } })
    const stored = async () => (await service.ask('GET', `${v1}/$count`)).text

    test('gets the first answer again, with the content token of the repeated request', async () => {
      const first = await send({ displayName: 'Kiel', token: v1File })
      await service.ask('PATCH', `${beta}/${first.json.id}`, { body: { displayName: 'Changed' } })
      const again = await send({ displayName: 'Kiel', token: v1File })
      expect([again.status, again.json]).toEqual([201, first.json])
      expect(again.headers.location).toBe(first.headers.location)
      expect(await stored()).toBe('1')
    })

    test('sent many times at once stores one token', async () => {
      const headers = { 'idempotency-key': 'key-2' }
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => send({ appleId: 'a' }, headers)),
      )
      expect(new Set(answers.map(({ json }) => json.id)).size).toBe(1)
      expect(await stored()).toBe('1')
    })

    test('and another body is a mistake, and creates nothing', async () => {
      const headers = { 'idempotency-key': 'key-3' }
      await send({ appleId: 'a' }, headers)
      const other = await send({ appleId: 'b' }, headers)
      const elsewhere = await send({ appleId: 'a' }, headers, v1)
      expect([other.status, other.json.error.code]).toEqual([422, 'UnprocessableEntity'])
      expect(elsewhere.status).toBe(422)
      expect(await stored()).toBe('1')
    })

    test('is its client’s own: another client may use the same key', async () => {
      const { id, secret } = await service.addClient(tenantId, everyRole)
      const accessToken = await service.accessTokenOf(tenantId, id, secret)
      const headers = { 'idempotency-key': 'key-4' }
      const one = await service.ask('POST', beta, { body: {}, headers })
      const two = await service.ask('POST', beta, { body: {}, headers, accessToken })
      expect(two.json.id).not.toBe(one.json.id)
    })

    test('that is no key is refused', async () => {
      expect((await send({}, { 'idempotency-key': 'a b' })).status).toBe(400)
    })
  })

  describe('a list', () => {
    test.each(roots)(
      'under the root %s has the context of its set and an array',
      async (name, set) => {
        expect((await service.ask('GET', set)).json).toEqual({
          '@odata.context':
            name === 'old'
              ? `${service.origin}/beta/$metadata#organization('${tenantId}')/appleVolumePurchaseProgramTokens`
              : `${service.origin}/${name}/$metadata#deviceAppManagement/vppTokens`,
          value: [],
        })
      },
    )

    test('pages by key, and its links lead through every token exactly once', async () => {
      const ids: string[] = []
      for (let n = 0; n < 7; n++) ids.push((await create({ displayName: `T${n}` })).id)
      const seen: string[] = []
      const sizes: number[] = []
      let path: string | undefined = `${beta}?$top=3&$select=id,displayName&$count=true`
      while (path !== undefined) {
        const { json, status } = await service.ask('GET', path)
        expect(status).toBe(200)
        expect(json['@odata.count']).toBe(7)
        expect(json['@odata.context']).toMatch(/#deviceAppManagement\/vppTokens\(id,displayName\)$/)
        sizes.push(json.value.length)
        seen.push(...json.value.map(({ id }: { id: string }) => id))
        path = json['@odata.nextLink']?.slice(service.origin.length)
      }
      expect(sizes).toEqual([3, 3, 1])
      expect([...seen].sort()).toEqual([...ids].sort())
    })

    test('selects by name in any case, without $ too, and ignores what it does not know', async () => {
      await create({ displayName: 'Kiel' })
      const { json } = await service.ask(
        'GET',
        `${beta}?SELECT=DisplayName,STATE&foo=bar&=100&$bar=1`,
      )
      expect(json.value).toEqual([{ displayName: 'Kiel', state: 'unknown' }])
    })

    test.each([
      ['none', { value: [{ id: expect.any(String), state: 'unknown' }] }],
      [
        'full',
        expect.objectContaining({
          '@odata.context': expect.any(String),
          value: [
            expect.objectContaining({
              '@odata.type': '#microsoft.graph.vppToken',
              '@odata.id': expect.stringMatching(/^deviceAppManagement\/vppTokens\('/),
              'state@odata.type': '#microsoft.graph.vppTokenState',
              '@odata.etag': 'W/"1"',
            }),
          ],
        }),
      ],
    ])('says as much as the metadata level %s asks for', async (level, expected) => {
      await create({ displayName: 'Kiel' })
      const answered = await service.ask('GET', `${beta}?$select=id,state`, {
        headers: { accept: `application/json;odata.metadata=${level}` },
      })
      expect(answered.headers['content-type']).toContain(`odata.metadata=${level}`)
      expect(answered.json).toEqual(expected)
    })

    test('takes any number for $top, and no more than 999 rows at once', async () => {
      const answered = await service.ask('GET', `${v1}?$top=99999999999999999999`)
      expect(answered.status).toBe(200)
    })

    test('of very large records ends its page early and leads on', async () => {
      const roleScopeTagIds = Array.from({ length: 100 }, (_, n) => String(n).padStart(64, 'x'))
      const large = { roleScopeTagIds, appleId: 'a'.repeat(4_096), displayName: 'd'.repeat(4_096) }
      const count = 300
      await Promise.all(Array.from({ length: count }, () => create(large)))
      const sizes: number[] = []
      const seen = new Set<string>()
      let path: string | undefined = `${beta}?$top=999`
      while (path !== undefined) {
        const { json, text } = await service.ask('GET', path)
        expect(text.length).toBeLessThan(4_300_000)
        sizes.push(json.value.length)
        for (const { id } of json.value) seen.add(id)
        path = json['@odata.nextLink']?.slice(service.origin.length)
      }
      expect(sizes.length).toBe(2)
      expect(seen.size).toBe(count)
    })

    test('names only the preferences it followed', async () => {
      const applied = async (path: string, prefer: string) =>
        (await service.ask('GET', path, { headers: { prefer } })).headers['preference-applied']
      expect(await applied(`${v1}?$top=5`, 'odata.maxpagesize=3')).toBeUndefined()
      expect(await applied(v1, 'maxpagesize=5000')).toBe('odata.maxpagesize=999')
      const created = await service.ask('POST', v1, {
        headers: { prefer: 'return=minimal, include-unknown-enum-members' },
        body: {},
      })
      expect(created.headers['preference-applied']).toBe(
        'return=minimal, include-unknown-enum-members',
      )
    })

    test('reads no header that is not its own', async () => {
      const headers = { 'if-match': 'abc', 'idempotency-key': 'a b' }
      expect((await service.ask('GET', v1, { headers })).status).toBe(200)
      expect((await service.ask('GET', `${v1}/$count?$select=bogus`, { headers })).status).toBe(200)
    })

    test('takes its page size from Prefer, and says so', async () => {
      await create()
      await create()
      const answered = await service.ask('GET', v1, { headers: { prefer: 'odata.maxpagesize=1' } })
      expect(answered.headers['preference-applied']).toBe('odata.maxpagesize=1')
      expect(answered.json.value).toHaveLength(1)
    })
  })

  describe('a record', () => {
    test('shows each root its own state for a duplicate', async () => {
      const { id } = await create({ state: 'duplicateLocationId' })
      const stateAt = async (path: string) => (await service.ask('GET', `${path}/${id}`)).json.state
      expect([await stateAt(beta), await stateAt(v1), await stateAt(old)]).toEqual([
        'duplicateLocationId',
        'invalid',
        'invalid',
      ])
    })

    test('answers 304 to whoever has it already', async () => {
      const { id } = await create()
      const first = await service.ask('GET', `${v1}/${id}`)
      const again = await service.ask('GET', `${v1}/${id}`, {
        headers: { 'if-none-match': String(first.headers.etag) },
      })
      expect([again.status, again.text, again.headers.etag]).toEqual([304, '', first.headers.etag])
    })

    test('answers HEAD as GET, without the body', async () => {
      const { id } = await create()
      const get = await service.ask('GET', `${v1}/${id}`)
      const head = await service.ask('HEAD', `${v1}/${id}`)
      expect([head.status, head.text]).toEqual([200, ''])
      expect(head.headers['content-length']).toBe(get.headers['content-length'])
      expect(head.headers.etag).toBe(get.headers.etag)
    })

    test.each(roots)('is deleted under the root %s for all of them', async (_, set) => {
      const { id } = await create()
      const deleted = await service.ask('DELETE', `${set}/${id}`)
      expect([deleted.status, deleted.text]).toEqual([204, ''])
      for (const [, other] of roots)
        expect((await service.ask('GET', `${other}/${id}`)).status).toBe(404)
    })

    test('is deleted only in the version that If-Match names', async () => {
      const { id } = await create()
      const stale = await service.ask('DELETE', `${v1}/${id}`, { headers: { 'if-match': 'W/"9"' } })
      expect([stale.status, stale.json.error.code]).toEqual([412, 'PreconditionFailed'])
      const right = await service.ask('DELETE', `${v1}/${id}`, { headers: { 'if-match': '"1"' } })
      expect(right.status).toBe(204)
    })

    test.each([...roots.map(([, set]) => `${set}/{id}/syncLicenses`), `${old}/{id}/syncApps`])(
      'answers POST %s unchanged, since nobody is asked in mode off',
      async (template) => {
        const { id } = await create({ lastSyncStatus: 'completed' })
        const answered = await service.ask('POST', template.replace('{id}', id))
        expect(answered.status).toBe(200)
        expect(answered.json.lastSyncStatus).toBe('completed')
        expect(answered.json['@odata.context']).toMatch(
          /\$metadata#microsoft\.graph\.(vppToken|appleVolumePurchaseProgramToken)$/,
        )
      },
    )

    test.each([
      ['no body', undefined, {}],
      ['null', 'null', { 'content-type': 'application/json; charset=utf-8' }],
      ['an empty object', '{}', { 'content-type': 'application/json' }],
      [
        'no body but a content type',
        undefined,
        { 'content-type': 'application/json; charset=utf-8' },
      ],
      ['blanks of another type', ' \r\n', { 'content-type': 'text/plain' }],
    ])('takes %s for an action', async (_, body, headers) => {
      const { id } = await create()
      const answered = await service.ask('POST', `${beta}/${id}/syncLicenses`, {
        headers,
        ...(body === undefined ? {} : { body }),
      })
      expect(answered.status).toBe(200)
    })
  })

  describe('an update', () => {
    test.each(roots)('under the root %s changes only what is sent', async (_, set) => {
      const { id } = await create({ displayName: 'Kiel', appleId: 'a@x', state: 'valid' })
      const before = (await service.ask('GET', `${beta}/${id}`)).json
      const updated = await service.ask('PATCH', `${set}/${id}`, { body: { appleId: 'b@x' } })
      const after = (await service.ask('GET', `${beta}/${id}`)).json
      expect(updated.status).toBe(200)
      expect(updated.json.appleId).toBe('b@x')
      expect(updated.headers.etag).toBe('W/"2"')
      expect(after).toEqual({
        ...before,
        appleId: 'b@x',
        lastModifiedDateTime: after.lastModifiedDateTime,
      })
    })

    test('may carry its type, service-owned members, an id and the null that every read shows', async () => {
      const { id } = await create({ token: v1File })
      const updated = await service.ask('PATCH', `${beta}/${id}`, {
        body: {
          '@odata.type': '#microsoft.graph.vppToken',
          id: absentId,
          token: null,
          state: 'expired',
          lastModifiedDateTime: '2020-01-01T00:00:00.5Z',
          roleScopeTagIds: ['1', '2'],
        },
      })
      expect(updated.json).toMatchObject({
        id,
        state: 'expired',
        lastModifiedDateTime: '2020-01-01T00:00:00.5000000Z',
        roleScopeTagIds: ['1', '2'],
        organizationName: 'Harbour Cranes GmbH',
      })
    })

    test('leaves the facts inside the content token alone', async () => {
      const { id } = await create({ token: v1File })
      const updated = await service.ask('PATCH', `${beta}/${id}`, {
        body: { organizationName: 'Mine', expirationDateTime: '2030-01-01T00:00:00Z' },
      })
      expect(updated.json).toMatchObject({
        organizationName: 'Harbour Cranes GmbH',
        expirationDateTime: '2027-03-01T08:00:00Z',
      })
    })

    test('with a new content token renews the same record', async () => {
      const { id } = await create({ displayName: 'Kiel' })
      const renewed = await service.ask('PATCH', `${v1}/${id}`, { body: { token: v1File } })
      expect(renewed.json).toMatchObject({
        id,
        token: v1File,
        expirationDateTime: '2027-03-01T08:00:00Z',
      })
      expect((await service.ask('GET', `${beta}/${id}`)).json).toMatchObject({
        token: null,
        displayName: 'Kiel',
      })
    })

    test('with Prefer: return=minimal answers 204', async () => {
      const { id } = await create()
      const updated = await service.ask('PATCH', `${v1}/${id}`, {
        headers: { prefer: 'return=minimal' },
        body: { appleId: 'a' },
      })
      expect([updated.status, updated.text]).toEqual([204, ''])
      expect(updated.headers).toMatchObject({
        'preference-applied': 'return=minimal',
        etag: 'W/"2"',
      })
    })

    test('made for another version changes nothing', async () => {
      const { id } = await create({ appleId: 'a' })
      const stale = await service.ask('PATCH', `${v1}/${id}`, {
        headers: { 'if-match': 'W/"7"' },
        body: { appleId: 'b' },
      })
      expect(stale.status).toBe(412)
      expect((await service.ask('GET', `${v1}/${id}`)).json.appleId).toBe('a')
      const star = await service.ask('PATCH', `${v1}/${id}`, {
        headers: { 'if-match': '*' },
        body: { appleId: 'b' },
      })
      expect(star.json.appleId).toBe('b')
    })

    test('cannot take declarative management back', async () => {
      const { id } = await create({
        appleDeviceAppDeliveryProtocolType: 'declarativeDeviceManagement',
      })
      const refused = await service.ask('PATCH', `${beta}/${id}`, {
        body: { appleDeviceAppDeliveryProtocolType: 'mobileDeviceManagement' },
      })
      expect([refused.status, refused.json.error.code]).toEqual([400, 'ModelValidationFailure'])
    })

    test('of an unknown id is 404, after its body was found good', async () => {
      const path = `${v1}/${absentId}`
      const good = await service.ask('PATCH', path, { body: { appleId: 'b' } })
      const bad = await service.ask('PATCH', path, { body: { nope: 1 } })
      expect([good.status, bad.status]).toEqual([404, 400])
    })
  })

  test.each(roots)('are counted under the root %s, as text', async (_, set) => {
    await create()
    await create()
    const counted = await service.ask('GET', `${set}/$count`, {
      headers: { accept: 'application/json' },
    })
    expect([counted.status, counted.text]).toEqual([200, '2'])
    expect(counted.headers['content-type']).toBe('text/plain')
  })

  describe('another tenant', () => {
    test('gets the same answer for a foreign id as for an absent one', async () => {
      const { id } = await create()
      const ask = async (target: string) => {
        const { status, json } = await service.ask('GET', `${v1}/${target}`, {
          accessToken: otherAccessToken,
        })
        return [status, json.error.code, json.error.message.replace(target, 'ID')]
      }
      expect(await ask(id)).toEqual(await ask(absentId))
      expect((await ask(id))[0]).toBe(404)
    })

    test('sees none of them, and deletes none', async () => {
      const { id } = await create()
      const list = await service.ask('GET', v1, { accessToken: otherAccessToken })
      const deleted = await service.ask('DELETE', `${v1}/${id}`, { accessToken: otherAccessToken })
      const synced = await service.ask('POST', `${v1}/${id}/syncLicenses`, {
        accessToken: otherAccessToken,
      })
      expect([list.json.value, deleted.status, synced.status]).toEqual([[], 404, 404])
      expect((await service.ask('GET', `${v1}/${id}`)).status).toBe(200)
    })
  })

  test('every answer carries the headers of the contract', async () => {
    const { headers } = await service.ask('GET', v1, {
      headers: { 'client-request-id': 'my-own-id' },
    })
    expect(headers).toMatchObject({
      'request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'client-request-id': 'my-own-id',
      'odata-version': '4.0',
      vary: 'Accept-Encoding',
      'cache-control': 'private',
      date: expect.any(String),
    })
    expect(JSON.parse(String(headers['x-ms-ags-diagnostic']))).toHaveProperty(
      'ServerInfo.DataCenter',
    )
    expect(headers).not.toHaveProperty('strict-transport-security')
  })
})

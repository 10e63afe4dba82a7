/** What docs/compatibility.md promises and no other test shows. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorResponse } from '../../src/graph/answer/error-response.ts'
import { Failure } from '../../src/model/failure.ts'
import { everyRole, type RunningService, runningService, tenantId } from '../running-service.ts'

const v1 = '/v1.0/deviceAppManagement/vppTokens'
const beta = '/beta/deviceAppManagement/vppTokens'
const old = `/beta/organization/${tenantId}/appleVolumePurchaseProgramTokens`
const apps = '/beta/deviceAppManagement/mobileApps'
const expiring =
  '/beta/deviceManagement/depOnboardingSettings/getExpiringVppTokenCount(expiringBeforeDateTime=2027-01-01T00:00:00Z)'
const absent = '00000000-0000-4000-8000-000000000404'
const other = '11111111-1111-4111-8111-111111111111'

let service: RunningService
beforeAll(async () => {
  service = await runningService({ appleMode: 'off' })
  await service.addTenant(other)
})
afterAll(() => service.close())

const create = async (body: object = {}, path = beta) =>
  (await service.ask('POST', path, { body })).json
async function tokenWith(roles: readonly string[], tenant = tenantId): Promise<string> {
  const { id, secret } = await service.addClient(tenant, roles)
  return service.accessTokenOf(tenant, id, secret)
}

describe('a permission by itself', () => {
  const reading = ['listTokens', 'getLicensesForApp']
  const writing = [...reading, 'createToken', 'syncLicenseCounts']
  const asked: Readonly<Record<string, readonly [string, string]>> = {
    listTokens: ['GET', v1],
    getLicensesForApp: ['GET', `${beta}/getLicensesForApp(bundleId='x')`],
    createToken: ['POST', `${old}/any`],
    syncLicenseCounts: ['POST', `${beta}/syncLicenseCounts`],
    getExpiringVppTokenCount: ['GET', expiring],
    listMobileApps: ['GET', apps],
    updateSeedNavigation: ['PATCH', `${apps}/${absent}/microsoft.graph.iosVppApp/vppToken`],
    listSubscribedSkus: ['GET', '/v1.0/subscribedSkus'],
  }

  test.each<[string, readonly string[]]>([
    ['ServiceConfig.Read.All', [...reading, 'getExpiringVppTokenCount']],
    ['ServiceConfig.ReadWrite.All', [...writing, 'getExpiringVppTokenCount']],
    ['ServiceConfiguration.Read.All', reading],
    ['ServiceConfiguration.ReadWrite.All', writing],
    ['Configuration.Read.All', reading],
    ['Configuration.ReadWrite.All', writing],
    ['Apps.Read.All', ['listMobileApps']],
    ['Apps.ReadWrite.All', [...writing, 'listMobileApps', 'updateSeedNavigation']],
  ])(
    'DeviceManagement%s opens what its sets hold, and nothing else',
    async (permission, opened) => {
      const accessToken = await tokenWith([`DeviceManagement${permission}`])
      const open: string[] = []
      for (const [operation, [verb, path]] of Object.entries(asked)) {
        const body = verb === 'GET' || operation === 'syncLicenseCounts' ? {} : { body: {} }
        const { status } = await service.ask(verb, path, { accessToken, ...body })
        if (status !== 403) open.push(operation)
      }
      expect(open.sort()).toEqual([...opened, 'listSubscribedSkus'].sort())
    },
  )
})

test('faults are told one at a time, in the order of the contract (G11)', async () => {
  const { id } = await create()
  const reader = await tokenWith(['DeviceManagementServiceConfig.Read.All'])
  const writer = await tokenWith(everyRole)
  const suspended = '22222222-2222-4222-8222-222222222222'
  await service.addTenant(suspended)
  const shutOut = await tokenWith(everyRole, suspended)
  await service.suspend(suspended)
  const foreign = await tokenWith(everyRole, other)
  const set = (segment: string) => `/beta/organization/${tenantId}/${segment}`
  const wrong = { body: '{', headers: { 'content-type': 'text/plain', 'if-match': '"9"' } }
  const json = { 'content-type': 'application/json', 'if-match': '"9"' }

  const steps: readonly (readonly [
    string,
    string,
    Parameters<RunningService['ask']>[2],
    number,
    string,
  ])[] = [
    ['PUT', set(`nope/${absent}`), { ...wrong, accessToken: 'x' }, 400, 'BadRequest'],
    [
      ...(['PUT', `${old}/${absent}`, { ...wrong, accessToken: 'x' }] as const),
      ...([401, 'InvalidAuthenticationToken'] as const),
    ],
    ['PUT', `${old}/${absent}`, { ...wrong, accessToken: shutOut }, 403, 'Forbidden'],
    ['PUT', `${old}/${absent}`, { ...wrong, accessToken: foreign }, 403, 'Forbidden'],
    ['PUT', `${old}/${absent}`, { ...wrong, accessToken: reader }, 405, 'MethodNotAllowed'],
    ['PATCH', `${old}/${absent}`, { ...wrong, accessToken: reader }, 403, 'Forbidden'],
    ['PATCH', `${old}/${absent}`, { ...wrong, accessToken: writer }, 400, 'BadRequest'],
    [
      ...([
        'PATCH',
        `${old}/${absent}`,
        { body: { nope: 1 }, headers: json, accessToken: writer },
      ] as const),
      ...([400, 'ModelValidationFailure'] as const),
    ],
    [
      ...(['PATCH', `${old}/${absent}`, { body: {}, headers: json, accessToken: writer }] as const),
      ...([404, 'ResourceNotFound'] as const),
    ],
    [
      ...(['PATCH', `${old}/${id}`, { body: {}, headers: json, accessToken: writer }] as const),
      ...([412, 'PreconditionFailed'] as const),
    ],
  ]
  for (const [verb, path, given, status, code] of steps) {
    const answered = await service.ask(verb, path, given)
    expect([answered.status, answered.json.error.code]).toEqual([status, code])
  }
  const good = { body: {}, headers: { 'if-match': '"1"' }, accessToken: writer }
  expect((await service.ask('PATCH', `${old}/${id}`, good)).status).toBe(200)
})

describe('a failure', () => {
  const context = {
    requestId: 'the-request-id',
    clientRequestId: 'mine',
    now: new Date('2026-01-31T12:00:00Z'),
    origin: 'https://pomona.example',
  }

  test('that nobody foresaw is a 500 that names the request-id and nothing else', () => {
    const { status, body } = errorResponse(new Error('password=swordfish'), context)
    const { error } = JSON.parse(body)
    expect([status, error.code]).toEqual([500, 'InternalError'])
    expect(error.message).toContain('the-request-id')
    expect(body).not.toContain('swordfish')
    expect(error.innerError).toEqual({
      date: '2026-01-31T12:00:00',
      'request-id': 'the-request-id',
      'client-request-id': 'mine',
    })
  })

  test.each([
    [0.2, '1'],
    [1, '1'],
    [4.1, '5'],
    [undefined, '1'],
  ])('that passes with time says when to come again: %s s as %s', (retryAfterSeconds, header) => {
    const wait = retryAfterSeconds === undefined ? {} : { retryAfterSeconds }
    for (const [code, status] of [
      ['unavailable', 503],
      ['throttled', 429],
    ] as const) {
      const answered = errorResponse(new Failure(code, 'Please retry again later.', wait), context)
      expect([answered.status, answered.headers['Retry-After']]).toEqual([status, header])
    }
  })

  test('of a throttled client has the inner error of Graph, and no header that tells its limits', async () => {
    const busy = await runningService({ appleMode: 'off', settings: { 'throttle-requests': 1 } })
    await busy.ask('GET', v1)
    const { status, headers, json } = await busy.ask('GET', v1)
    await busy.close()
    expect([status, json.error.code]).toEqual([429, 'TooManyRequests'])
    expect(Object.keys(json.error.innerError)).toEqual([
      ...['code', 'date', 'message', 'request-id', 'client-request-id', 'status'],
    ])
    expect(headers['retry-after']).toMatch(/^([1-9]|1\d|20)$/)
    for (const name of Object.keys(headers)) expect(name).not.toMatch(/^x-ms-throttle/)
  })
})

describe('an answer', () => {
  test.each([
    ['none', v1, undefined],
    ['minimal', v1, undefined],
    ['full', v1, '#microsoft.graph.vppToken'],
    ['none', old, undefined],
    ['minimal', old, '#microsoft.graph.appleVolumePurchaseProgramToken'],
    ['full', old, '#microsoft.graph.appleVolumePurchaseProgramToken'],
  ])('at level %s from %s names the type as %s (G1)', async (level, root, type) => {
    const { id } = await create()
    const headers = { accept: `application/json;odata.metadata=${level}` }
    const { json } = await service.ask('GET', `${root}/${id}`, { headers })
    expect(json['@odata.type']).toBe(type)
    expect('@odata.context' in json).toBe(level !== 'none')
  })

  test('at the full level says of a token what it is, where it is and what can be done with it', async () => {
    const { id } = await create({ displayName: 'Kiel' })
    const { json, headers } = await service.ask(
      'GET',
      `${beta}/${id}?$select=state,roleScopeTagIds`,
      {
        headers: { accept: 'application/json;odata.metadata=full' },
      },
    )
    const own = `deviceAppManagement/vppTokens('${id}')`
    const action = (name: string) => ({
      title: `microsoft.graph.${name}`,
      target: `${service.origin}/beta/${own}/microsoft.graph.${name}`,
    })
    expect(json).toMatchObject({
      '@odata.context': `${service.origin}/beta/$metadata#deviceAppManagement/vppTokens(state,roleScopeTagIds)/$entity`,
      '@odata.type': '#microsoft.graph.vppToken',
      '@odata.id': own,
      '@odata.editLink': own,
      '@odata.etag': headers.etag,
      'state@odata.type': '#microsoft.graph.vppTokenState',
      state: 'unknown',
      'roleScopeTagIds@odata.type': '#Collection(String)',
      roleScopeTagIds: ['0'],
      '#microsoft.graph.syncLicenses': action('syncLicenses'),
    })
  })

  test('has no header of a deprecated member, because there is none, and JSON whatever Accept asks for', async () => {
    for (const accept of ['*/*', 'text/html', 'application/xml', '']) {
      const { status, headers } = await service.ask('GET', old, { headers: { accept } })
      expect([status, String(headers['content-type']).split(';')[0]]).toEqual([
        200,
        'application/json',
      ])
      expect(headers).not.toHaveProperty('deprecation')
      expect(headers).not.toHaveProperty('link')
    }
  })

  test('never wraps one entity in value, and never counts without being asked', async () => {
    const { id } = await create()
    const one = await service.ask('GET', `${v1}/${id}`)
    const synced = await service.ask('POST', `${v1}/${id}/syncLicenses`)
    const list = await service.ask('GET', v1)
    expect([one.json.id, synced.json.id]).toEqual([id, id])
    for (const { json } of [one, synced]) expect(json).not.toHaveProperty('value')
    expect(list.json).not.toHaveProperty('@odata.count')
  })

  test('holds the content token only where the request held it (D4)', async () => {
    const token = 'Token value'
    const created = await service.ask('POST', v1, { body: { token } })
    const path = `${v1}/${created.json.id}`
    const renewed = await service.ask('PATCH', path, { body: { token } })
    const others = [
      await service.ask('GET', path),
      await service.ask('GET', v1),
      await service.ask('PATCH', path, { body: { appleId: 'a' } }),
      await service.ask('POST', `${path}/syncLicenses`),
    ]
    expect([created.json.token, renewed.json.token]).toEqual([token, token])
    for (const { text } of others) {
      expect(text).not.toContain(token)
      expect(text).toContain('"token":null')
    }
  })
})

describe('a write', () => {
  test('takes no id from its body and no option from its query (G4, 7.4)', async () => {
    const path = `${beta}?$select=id&$top=0&$filter=nope eq 1`
    const { status, json } = await service.ask('POST', path, {
      body: { id: absent, displayName: 'x' },
    })
    expect([status, json.displayName]).toEqual([201, 'x'])
    expect(json.id).not.toBe(absent)
  })

  test.each([
    ['2026-12-31T23:57:57.24812345678-08:00', '2026-12-31T23:57:57.2481234-08:00'],
    ['2026-12-31T23:57:57.5+00:00', '2026-12-31T23:57:57.5000000Z'],
    ['2026-12-31T23:57:57.000Z', '2026-12-31T23:57:57Z'],
    ['2026-12-31T23:57:57', 400],
  ])('with the time %s shows %s (D6, G9)', async (expirationDateTime, shown) => {
    const { status, json } = await service.ask('POST', v1, { body: { expirationDateTime } })
    expect(status === 400 ? status : json.expirationDateTime).toBe(shown)
  })

  test('of scope tags keeps them and hides nothing by them (H4)', async () => {
    const { id } = await create({ roleScopeTagIds: ['77'] })
    const accessToken = await tokenWith(['DeviceManagementServiceConfig.Read.All'])
    const { json } = await service.ask('GET', `${beta}?$top=999`, { accessToken })
    expect(json.value).toContainEqual(expect.objectContaining({ id, roleScopeTagIds: ['77'] }))
  })

  test('through one shape leaves what only another one has', async () => {
    const { id } = await create({ displayName: 'Kiel', roleScopeTagIds: ['1'] })
    await service.ask('PATCH', `${old}/${id}`, {
      body: { volumePurchaseProgramTokenAccountType: 'education' },
    })
    const { json } = await service.ask('GET', `${beta}/${id}`)
    expect(json).toMatchObject({
      displayName: 'Kiel',
      roleScopeTagIds: ['1'],
      vppTokenAccountType: 'education',
    })
  })
})

describe('what stands beside the tokens', () => {
  test('licences are taken back from nobody in mode off, and the parameter of the action is asked for (G6)', async () => {
    const { id } = await create()
    const path = `${beta}/${id}/revokeLicenses`
    const revoked = await service.ask('POST', path, { body: { notifyManagedDevices: false } })
    expect([revoked.status, revoked.text]).toEqual([204, ''])
    expect((await service.ask('GET', `${beta}/${id}`)).json.tokenActionResults).toEqual([])
    const { status, json } = await service.ask('POST', path, { body: {} })
    expect([status, json.error.code, json.error.target]).toEqual([
      ...[400, 'BadRequest', 'notifyManagedDevices'],
    ])
    for (const [action, more] of [
      ['revokeAllLicenses', {}],
      ['revokeUserLicense', { userId: 'u' }],
      ['revokeDeviceLicense', { managedDeviceId: 'd' }],
    ] as const) {
      const body = { notifyManagedDevices: false, ...more }
      const answered = await service.ask('POST', `${apps}/${absent}/${action}`, { body })
      expect([action, answered.status]).toEqual([action, 404])
    }
  })

  test('managed devices are no part of it', async () => {
    const path = `/beta/deviceManagement/managedDevices/${absent}/revokeAppleVppLicenses`
    const { status, json } = await service.ask('POST', path)
    expect([status, json.error.message]).toEqual([
      400,
      "Resource not found for the segment 'managedDevices'.",
    ])
  })

  test('Pomona’s own view tells why a state is what it is; Graph’s shapes never do (H12)', async () => {
    const { id } = await create()
    const own = await service.ask('GET', `/pomona/v1/tokens/${id}`)
    expect(own.json).toHaveProperty('stateReason')
    for (const root of [v1, beta, old])
      expect((await service.ask('GET', `${root}/${id}`)).json).not.toHaveProperty('stateReason')
  })
})

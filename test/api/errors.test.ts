/** The rows of graph 7.6 that these operations can meet, and the order in which they are checked (G11). */
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Asked,
  everyRole,
  type RunningService,
  runningService,
  tenantId,
} from '../running-service.ts'

const v1 = '/v1.0/deviceAppManagement/vppTokens'
const beta = '/beta/deviceAppManagement/vppTokens'
const id = '00000000-0000-4000-8000-000000000404'
const json = { 'content-type': 'application/json' }

describe('a refusal', () => {
  let service: RunningService
  beforeAll(async () => {
    service = await runningService({ appleMode: 'off' })
  })
  afterAll(() => service.close())

  const refusal = async (method: string, path: string, asked: Asked = {}) => {
    const { status, json: body } = await service.ask(method, path, asked)
    return [status, body?.error?.code, body?.error?.message] as const
  }

  test.each<[string, string, string, Asked, number, string, string | RegExp]>([
    [
      'no access token',
      'GET',
      v1,
      { accessToken: null },
      401,
      'InvalidAuthenticationToken',
      'Access token is empty.',
    ],
    [
      'no JWT',
      'GET',
      v1,
      { accessToken: 'abc' },
      401,
      'InvalidAuthenticationToken',
      'CompactToken parsing failed with error code: 80049217',
    ],
    [
      'an unknown segment, before anybody is asked who calls',
      'GET',
      '/v1.0/deviceAppManagement/vppTokn',
      { accessToken: null },
      400,
      'BadRequest',
      "Resource not found for the segment 'vppTokn'.",
    ],
    [
      'an unknown version',
      'GET',
      '/v3/deviceAppManagement/vppTokens',
      { accessToken: null },
      404,
      'ResourceNotFound',
      'Invalid version: v3',
    ],
    [
      'the old root in v1.0',
      'GET',
      `/v1.0/organization/${tenantId}/appleVolumePurchaseProgramTokens`,
      {},
      400,
      'BadRequest',
      "Resource not found for the segment 'organization'.",
    ],
    [
      'another organization',
      'GET',
      `/beta/organization/${id}/appleVolumePurchaseProgramTokens`,
      {},
      403,
      'Forbidden',
      /not that of the access token/,
    ],
    [
      'a wrong verb',
      'PUT',
      v1,
      {},
      405,
      'MethodNotAllowed',
      /The verb PUT cannot be used on .*Use one of: GET, POST, HEAD, OPTIONS/,
    ],
    [
      'a keyed POST outside the old root',
      'POST',
      `${beta}/${id}`,
      { body: {} },
      405,
      'MethodNotAllowed',
      /Use one of: GET, PATCH, DELETE, HEAD, OPTIONS/,
    ],
    ['an unknown id', 'GET', `${v1}/${id}`, {}, 404, 'ResourceNotFound', /There is no token/],
    [
      'an id that is no GUID',
      'GET',
      `${v1}/abc`,
      {},
      400,
      'BadRequest',
      /The id 'abc' is not a GUID/,
    ],
    [
      'an unknown id to delete',
      'DELETE',
      `${v1}/${id}`,
      {},
      404,
      'ResourceNotFound',
      /There is no token/,
    ],
    [
      'an unknown id to sync',
      'POST',
      `${v1}/${id}/syncLicenses`,
      {},
      404,
      'ResourceNotFound',
      /There is no token/,
    ],
    [
      'a body without JSON content type',
      'POST',
      v1,
      { body: '{}', headers: { 'content-type': 'text/plain' } },
      400,
      'BadRequest',
      'Entity only allows writes with a JSON Content-Type header.',
    ],
    [
      'malformed JSON',
      'POST',
      v1,
      { body: '{', headers: json },
      400,
      'BadRequest',
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
    ],
    [
      'JSON nested too deep',
      'POST',
      v1,
      { body: '['.repeat(99), headers: json },
      400,
      'BadRequest',
      /^Unable to read JSON request payload/,
    ],
    [
      'an unknown property',
      'POST',
      v1,
      { body: { displayName: 'x' } },
      400,
      'ModelValidationFailure',
      /^The property 'displayName' does not exist on type 'microsoft.graph.vppToken'\./,
    ],
    [
      'an unknown enum value',
      'POST',
      v1,
      { body: { state: 'good' } },
      400,
      'ModelValidationFailure',
      /^Requested value 'good' was not found\./,
    ],
    [
      'a duplicate in v1.0, whose enum has none',
      'POST',
      v1,
      { body: { state: 'duplicateLocationId' } },
      400,
      'ModelValidationFailure',
      /^Requested value 'duplicateLocationId' was not found\./,
    ],
    [
      'a body over 256 KiB',
      'POST',
      v1,
      { body: `{"appleId":"${'x'.repeat(262_144)}"}`, headers: json },
      413,
      'RequestEntityTooLarge',
      /larger than 256 KiB/,
    ],
    [
      'a parameter for an action that takes none',
      'POST',
      `${v1}/${id}/syncLicenses`,
      { body: { force: true } },
      400,
      'BadRequest',
      /takes no parameters, but the body holds 'force'/,
    ],
    [
      'an unknown property in $select',
      'GET',
      `${v1}?$select=displayName`,
      {},
      400,
      'BadRequest',
      "Parsing OData Select and Expand failed: Could not find a property named 'displayName' on type 'microsoft.graph.vppToken'.",
    ],
    ['$top below 1', 'GET', `${v1}?$top=0`, {}, 400, 'BadRequest', /\$top/],
    ['$expand', 'GET', `${v1}?$expand=apps`, {}, 400, 'BadRequest', /\$expand/],
    ['$search', 'GET', `${v1}?$search="x"`, {}, 400, 'BadRequest', /\$search/],
    [
      'a page token of somebody else’s',
      'GET',
      `${v1}?$skiptoken=abc`,
      {},
      400,
      'BadRequest',
      /\$skiptoken/,
    ],
    [
      'a batch without requests',
      'POST',
      '/beta/$batch',
      { body: {} },
      400,
      'BadRequest',
      "The body of a batch must be an object with a list 'requests' of 1 to 20 items.",
    ],
  ])('for %s', async (_, method, path, asked, status, code, message) => {
    const [gotStatus, gotCode, gotMessage] = await refusal(method, path, asked)
    expect([gotStatus, gotCode]).toEqual([status, code])
    if (typeof message === 'string') expect(gotMessage).toBe(message)
    else expect(gotMessage).toMatch(message)
  })

  test('has the body and headers of the contract', async () => {
    const answered = await service.ask('POST', v1, {
      body: { nope: 1 },
      headers: { 'client-request-id': 'mine' },
    })
    const { error } = answered.json
    expect(answered.headers['content-type']).toBe('application/json')
    expect(Object.keys(error.innerError)).toEqual([
      'message',
      'date',
      'request-id',
      'client-request-id',
    ])
    expect(error.innerError.message).toBe(error.message)
    expect(error.innerError.date).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/)
    expect(error.innerError['request-id']).toBe(answered.headers['request-id'])
    expect(error.innerError['client-request-id']).toBe('mine')
  })

  test('for a missing access token says where to get one', async () => {
    const { headers } = await service.ask('GET', v1, { accessToken: null })
    expect(headers['www-authenticate']).toBe(
      `Bearer realm="", authorization_uri="${service.origin}/common/oauth2/v2.0/authorize", client_id="00000003-0000-0000-c000-000000000000"`,
    )
  })

  test('for a wrong verb names the right ones in Allow, as OPTIONS does', async () => {
    const wrong = await service.ask('PUT', `${v1}/${id}`)
    const options = await service.ask('OPTIONS', `${v1}/${id}`)
    expect(wrong.headers.allow).toBe('GET, PATCH, DELETE, HEAD, OPTIONS')
    expect([options.status, options.headers.allow]).toEqual([204, wrong.headers.allow])
  })

  test.each(['/v1.0', '/v1.0/$metadata'])('never comes for OPTIONS of %s', async (path) => {
    const { status, headers } = await service.ask('OPTIONS', path, { accessToken: null })
    expect([status, headers.allow]).toEqual([204, 'GET, HEAD, OPTIONS'])
  })

  test('for a missing scope names those that would do, before the body is looked at', async () => {
    const { id: client, secret } = await service.addClient(tenantId, [
      'DeviceManagementApps.Read.All',
    ])
    const accessToken = await service.accessTokenOf(tenantId, client, secret)
    expect(await refusal('POST', v1, { accessToken, body: 'not json at all' })).toEqual([
      403,
      'Forbidden',
      'Application is not authorized to perform this operation. Application must have one of the following scopes: DeviceManagementServiceConfig.ReadWrite.All, DeviceManagementServiceConfiguration.ReadWrite.All, DeviceManagementConfiguration.ReadWrite.All, DeviceManagementApps.ReadWrite.All',
    ])
    expect((await refusal('GET', v1, { accessToken }))[0]).toBe(403)
  })

  test('lets a reader read but not write', async () => {
    const { id: client, secret } = await service.addClient(tenantId, [
      'DeviceManagementServiceConfig.Read.All',
    ])
    const accessToken = await service.accessTokenOf(tenantId, client, secret)
    expect((await service.ask('GET', v1, { accessToken })).status).toBe(200)
    expect((await refusal('DELETE', `${v1}/${id}`, { accessToken }))[0]).toBe(403)
  })

  test('comes at once for a client that was removed and a tenant that was suspended', async () => {
    const other = '22222222-2222-4222-8222-222222222222'
    await service.addTenant(other)
    const { id: client, secret } = await service.addClient(other, everyRole)
    const accessToken = await service.accessTokenOf(other, client, secret)
    expect((await service.ask('GET', v1, { accessToken })).status).toBe(200)

    const tenant = await service.storage.instance.reads.tenants.find(other)
    if (!tenant) throw new Error('the tenant was not stored')
    await service.storage.instance.transaction((stores) =>
      stores.tenants.update({ ...tenant, status: 'suspended' }),
    )
    const suspended = await refusal('GET', v1, { accessToken })
    expect(suspended.slice(0, 2)).toEqual([403, 'Forbidden'])
    expect(suspended[2]).toContain('suspended')

    await service.storage.instance.transaction((stores) => stores.clients.remove(other, client))
    expect((await refusal('GET', v1, { accessToken })).slice(0, 2)).toEqual([
      401,
      'InvalidAuthenticationToken',
    ])
  })

  test('for a Host that is not ours steers nobody elsewhere', async () => {
    const { hostname, port } = new URL(service.origin)
    const answered = await new Promise<IncomingMessage>((resolve, reject) =>
      request(
        {
          ...{ hostname, port, path: v1, ca: service.caPem, servername: 'localhost' },
          headers: { host: 'evil.example' },
        },
        resolve,
      )
        .on('error', reject)
        .end(),
    )
    answered.resume()
    expect(answered.statusCode).toBe(400)
    expect(JSON.stringify(answered.headers)).not.toContain('evil')
  })
})

/** Graph 4.1: every spelling of paths, options and action bodies that must be taken, and those that must not, over a bare socket. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningService, runningService, tenantId } from '../running-service.ts'
import { type RawAnswer, type RawRequest, sendRaw } from './raw-request.ts'

const tokens = 'deviceAppManagement/vppTokens'
const old = `organization/${tenantId}/appleVolumePurchaseProgramTokens`
const absent = '00000000-0000-4000-8000-000000000404'

let service: RunningService
let bearer = ''
let id = ''
beforeAll(async () => {
  service = await runningService({ appleMode: 'off', settings: { 'no-tls': true } })
  bearer = await service.accessTokenOf(tenantId, service.clientId, service.clientSecret)
  const body = { displayName: 'Kiel', appleId: "o'neill@harbour.example", state: 'valid' }
  id = (await service.ask('POST', `/beta/${tokens}`, { body })).json.id
})
afterAll(() => service.close())

const send = ({ line, headers = [], body }: RawRequest): Promise<RawAnswer> =>
  sendRaw(service, {
    line: line.replaceAll('{id}', id),
    headers: [`Authorization: Bearer ${bearer}`, ...headers],
    ...(body === undefined ? {} : { body }),
  })

describe('a list is found', () => {
  test.each([
    ['with a slash at its end', `/v1.0/${tokens}/`],
    ['with several', `/v1.0/${tokens}//`],
    ['in the old root, with a slash at its end', `/beta/${old}/`],
    ['with the version in capitals', `/BETA/${tokens}`],
    ['with the version in a capital letter', `/Beta/${tokens}`],
    ['with the other version in a capital letter', `/V1.0/${tokens}`],
    ['with names that begin in capitals', '/v1.0/DeviceAppManagement/VppTokens'],
    ['with names in capitals', '/v1.0/DEVICEAPPMANAGEMENT/VPPTOKENS'],
    [
      'in the old root, with names in capitals',
      `/beta/ORGANIZATION/${tenantId}/APPLEVOLUMEPURCHASEPROGRAMTOKENS`,
    ],
    [
      'with the organization in parentheses',
      `/beta/organization('${tenantId}')/appleVolumePurchaseProgramTokens`,
    ],
    [
      'with the organization in encoded parentheses',
      `/beta/organization%28%27${tenantId}%27%29/appleVolumePurchaseProgramTokens`,
    ],
    ['with a query key that has no name', `/v1.0/${tokens}?=100`],
    ['with such a key behind a slash', `/v1.0/${tokens}/?=25`],
    ['with an option that nobody knows', `/v1.0/${tokens}?$foo=1&bar=2`],
    ['with an empty query', `/v1.0/${tokens}?`],
    ['with a name that is encoded', '/v1.0/deviceAppManagement/%76ppTokens'],
  ])('%s', async (_, path) => {
    const { status, json } = await send({ line: `GET ${path}` })
    expect(status).toBe(200)
    expect(json.value.map((row: { id: string }) => row.id)).toEqual([id])
  })
})

describe('one token is found', () => {
  test.each([
    ['by its id as a segment', `/beta/${tokens}/{id}`],
    ['with a slash behind it', `/beta/${tokens}/{id}/`],
    ['by its id in parentheses', `/beta/${tokens}('{id}')`],
    ['by its id in encoded quotes', `/beta/${tokens}(%27{id}%27)`],
    ['by its id in encoded parentheses', `/beta/${tokens}%28'{id}'%29`],
    ['by its id with the name of the key', `/beta/${tokens}(id='{id}')`],
    ['by its id without quotes', `/beta/${tokens}({id})`],
    [
      'with everything in parentheses',
      `/beta/organization('${tenantId}')/appleVolumePurchaseProgramTokens('{id}')`,
    ],
  ])('%s', async (_, path) => {
    const { status, json } = await send({ line: `GET ${path}` })
    expect([status, json.id]).toEqual([200, id])
  })
})

describe('options are read', () => {
  test.each([
    ['with $ as it is', '$select=id,displayName'],
    ['with $ encoded', '%24select=id,displayName'],
    ['without $', 'select=id,displayName'],
    ['with the option’s name in capitals', '$SELECT=id,displayName'],
    ['with the properties in any case', '$select=ID,DisplayNAME'],
    ['with the comma encoded', '$select=id%2CdisplayName'],
    ['with a blank as %20', '$select=id,%20displayName'],
    ['with a blank as +', '$select=id,+displayName'],
    ['with the filter’s blanks as %20', "$select=id,displayName&$filter=state%20eq%20'valid'"],
    ['with the filter’s blanks as +', "$select=id,displayName&$filter=state+eq+'valid'"],
    ['with the filter’s quotes encoded', '$select=id,displayName&$filter=state%20eq%20%27valid%27'],
    ['with the filter’s names in any case', "$select=id,displayName&$Filter=STATE%20EQ%20'valid'"],
    [
      'with parentheses encoded',
      '$select=id,displayName&$filter=startswith%28displayName%2C%27Ki%27%29',
    ],
    [
      'with a quote inside text, doubled',
      "$select=id,displayName&$filter=appleId%20eq%20'o''neill@harbour.example'",
    ],
    ['with the order in any case', '$select=id,displayName&$orderBy=DISPLAYNAME%20DESC'],
  ])('%s', async (_, query) => {
    const { status, json } = await send({ line: `GET /beta/${tokens}?${query}` })
    expect([status, json.value]).toEqual([200, [{ id, displayName: 'Kiel' }]])
  })

  test('but their values are exact', async () => {
    const answer = await send({ line: `GET /beta/${tokens}?$filter=state%20eq%20'VALID'` })
    expect([answer.status, answer.json.error.code]).toEqual([400, 'BadRequest'])
    const none = await send({ line: `GET /beta/${tokens}?$filter=displayName%20eq%20'kiel'` })
    expect([none.status, none.json.value]).toEqual([200, []])
  })
})

describe('a function is called', () => {
  const summaries = '$metadata#Collection(microsoft.graph.vppTokenLicenseSummary)'
  test.each([
    ['by its name', "getLicensesForApp(bundleId='x')"],
    ['with its namespace', "microsoft.graph.getLicensesForApp(bundleId='x')"],
    ['with the namespace’s alias', "graph.getLicensesForApp(bundleId='x')"],
    ['in any case', "GETLICENSESFORAPP(BUNDLEID='x')"],
    ['with encoded quotes', 'getLicensesForApp(bundleId=%27x%27)'],
    ['with encoded parentheses', 'getLicensesForApp%28bundleId=%27x%27%29'],
    ['with a value that holds a slash and a quote', "getLicensesForApp(bundleId='a%2Fb''c')"],
    ['with a slash behind it', "getLicensesForApp(bundleId='x')/"],
  ])('%s', async (_, call) => {
    const { status, json } = await send({ line: `GET /beta/${tokens}/${call}` })
    expect([status, json]).toEqual([
      200,
      { '@odata.context': `${service.origin}/beta/${summaries}`, value: [] },
    ])
  })

  test.each([
    ['$count', `/v1.0/${tokens}/$count`],
    ['$count with an encoded $', `/v1.0/${tokens}/%24count`],
    ['$count in any case', `/v1.0/${tokens}/$COUNT`],
    ['$count with a slash behind it', `/v1.0/${tokens}/$count/`],
    ['$count of the old root', `/beta/${old}/$count`],
  ])('%s comes before any id', async (_, path) => {
    const { status, text } = await send({ line: `GET ${path}` })
    expect([status, text]).toEqual([200, '1'])
  })
})

describe('an action is called', () => {
  test.each([
    ['by its name', `/v1.0/${tokens}/{id}/syncLicenses`],
    ['with its namespace', `/beta/${tokens}/{id}/microsoft.graph.syncLicenses`],
    ['with the namespace’s alias', `/beta/${tokens}/{id}/graph.syncLicenses`],
    ['with empty parentheses', `/beta/${tokens}/{id}/syncLicenses()`],
    ['in any case', `/beta/${tokens}/{id}/SYNClicenses`],
    ['with a slash behind it', `/beta/${tokens}/{id}/syncLicenses/`],
    ['on a key in parentheses', `/beta/${tokens}('{id}')/microsoft.graph.syncLicenses`],
    ['of the old root', `/beta/${old}/{id}/microsoft.graph.syncApps`],
  ])('%s', async (_, path) => {
    const { status, json } = await send({ line: `POST ${path}`, headers: ['Content-Length: 0'] })
    expect([status, json.id]).toEqual([200, id])
  })

  test.each<[string, readonly string[], string]>([
    ['no body and no length', [], ''],
    ['no body', ['Content-Length: 0'], ''],
    ['no body, in form of chunks', ['Transfer-Encoding: chunked'], '0\r\n\r\n'],
    [
      'no body but a content type',
      ['Content-Type: application/json; charset=utf-8', 'Content-Length: 0'],
      '',
    ],
    ['null', ['Content-Type: application/json', 'Content-Length: 4'], 'null'],
    ['an empty object', ['Content-Type: application/json', 'Content-Length: 2'], '{}'],
    ['an empty object without a content type', ['Content-Length: 2'], '{}'],
    ['null without a content type', ['Content-Length: 4'], 'null'],
  ])('with %s', async (_, headers, body) => {
    const line = `POST /v1.0/${tokens}/{id}/syncLicenses`
    const { status, json } = await send({ line, headers, body })
    expect([status, json.id]).toEqual([200, id])
  })
})

describe('a body', () => {
  const patch = (body: string, type = 'application/json') =>
    send({
      line: `PATCH /beta/${tokens}/{id}`,
      headers: [`Content-Type: ${type}`, `Content-Length: ${Buffer.byteLength(body)}`],
      body,
    })

  test.each([
    ['names its properties in any case', '{"DISPLAYNAME":"Kiel"}'],
    ['names its type with #', '{"@odata.type":"#microsoft.graph.vppToken","displayName":"Kiel"}'],
    ['names its type without #', '{"@odata.type":"microsoft.graph.vppToken","displayName":"Kiel"}'],
    [
      'says more about itself',
      '{"@odata.context":"x","displayName@odata.type":"#String","displayName":"Kiel"}',
    ],
    ['begins with a byte order mark', '\ufeff{"displayName":"Kiel"}'],
  ])('that %s is taken', async (_, body) => {
    const { status, json } = await patch(body)
    expect([status, json.displayName]).toEqual([200, 'Kiel'])
  })

  test.each([
    'application/json; charset=utf-8',
    'Application/JSON',
    'application/json;odata.metadata=minimal',
  ])('of type %s is taken', async (type) => {
    expect((await patch('{"displayName":"Kiel"}', type)).status).toBe(200)
  })
})

describe('is no address:', () => {
  test.each([
    [
      'the list with its id run on',
      'GET',
      `/beta/${old}{id}`,
      `appleVolumePurchaseProgramTokens{id}`,
    ],
    ['the id with its action run on', 'POST', `/beta/${old}/{id}syncApps`, '{id}syncApps'],
    [
      'a cast without a namespace',
      'GET',
      `/beta/deviceAppManagement/mobileApps/${absent}/iosVppApp`,
      'iosVppApp',
    ],
    ['an action of the other root', 'POST', `/beta/${tokens}/{id}/syncApps`, 'syncApps'],
    ['the old root in v1.0', 'GET', `/v1.0/${old}`, 'organization'],
    ['a function of beta in v1.0', 'GET', `/v1.0/${tokens}/{id}/revokeLicenses`, 'revokeLicenses'],
    ['something below a token', 'GET', `/v1.0/${tokens}/{id}/nope`, 'nope'],
  ])('%s', async (_, verb, path, segment) => {
    const { status, json } = await send({ line: `${verb} ${path}`, headers: ['Content-Length: 0'] })
    expect([status, json.error.code]).toEqual([400, 'BadRequest'])
    expect(json.error.message).toBe(
      `Resource not found for the segment '${segment.replace('{id}', id)}'.`,
    )
  })
})

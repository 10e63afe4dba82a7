import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Version } from '../../src/graph/entity-set.ts'
import { csdl } from '../../src/graph/metadata/csdl.ts'
import { openapi } from '../../src/graph/metadata/openapi.ts'
import { type RunningService, runningService, tenantId } from '../running-service.ts'

let service: RunningService
beforeAll(async () => {
  service = await runningService({ appleMode: 'off' })
})
afterAll(() => service.close())

const nobody = { accessToken: null }

describe('documents, without an access token', () => {
  test.each(['v1.0', 'beta'] as const)('/%s/$metadata is CSDL', async (version) => {
    const { status, headers, text } = await service.ask('GET', `/${version}/$metadata`, nobody)
    expect([status, headers['content-type']]).toEqual([200, 'application/xml'])
    expect(text).toBe(csdl(version))
  })

  test('$metadata may be written percent-encoded and in any case, with options that are ignored', async () => {
    const { status, text } = await service.ask('GET', '/V1.0/%24Metadata/?$format=xml', nobody)
    expect([status, text]).toEqual([200, csdl('v1.0')])
  })

  test.each(['/beta', '/beta/'])('%s is the service document', async (path) => {
    const { status, headers, json } = await service.ask('GET', path, nobody)
    expect(status).toBe(200)
    expect(headers['content-type']).toMatch(/^application\/json;odata.metadata=minimal/)
    expect(json['@odata.context']).toBe(`${service.origin}/beta/$metadata`)
    expect(json.value).toContainEqual({
      name: 'deviceAppManagement',
      kind: 'Singleton',
      url: 'deviceAppManagement',
    })
  })

  test('HEAD answers the same without the text', async () => {
    const { status, headers, text } = await service.ask('HEAD', '/v1.0/$metadata', nobody)
    expect([status, text]).toEqual([200, ''])
    expect(headers['content-length']).toBe(String(Buffer.byteLength(csdl('v1.0'))))
  })

  test('nothing can be written there', async () => {
    const { status, json } = await service.ask('POST', '/v1.0/$metadata', nobody)
    expect([status, json.error.code]).toEqual([405, 'MethodNotAllowed'])
  })

  test('Pomona has no metadata of its own', async () => {
    expect((await service.ask('GET', '/pomona/v1/$metadata', nobody)).status).toBe(400)
  })
})

describe('the OpenAPI documents tell the truth', () => {
  const propertiesOf = (version: Version, schema: string): readonly string[] =>
    Object.keys(JSON.parse(openapi(version, service.origin)).components.schemas[schema].properties)
  const shown = (record: object) => Object.keys(record).filter((name) => !name.startsWith('@'))
  const described = (version: Version, schema: string) =>
    propertiesOf(version, schema).filter((name) => !name.startsWith('@'))

  test('of what each shape of a token holds', async () => {
    const { json } = await service.ask('POST', '/beta/deviceAppManagement/vppTokens', {
      body: { displayName: 'Told' },
    })
    const places = [
      ['v1.0', 'vppToken', `/v1.0/deviceAppManagement/vppTokens/${json.id}`],
      ['beta', 'vppToken', `/beta/deviceAppManagement/vppTokens/${json.id}`],
      [
        'beta',
        'appleVolumePurchaseProgramToken',
        `/beta/organization/${tenantId}/appleVolumePurchaseProgramTokens/${json.id}`,
      ],
      ['pomona/v1', 'vppToken', `/pomona/v1/tokens/${json.id}`],
    ] as const
    for (const [version, schema, path] of places) {
      const { status, json: record } = await service.ask('GET', path)
      expect([path, status]).toEqual([path, 200])
      expect(shown(record)).toEqual(described(version, schema))
    }
  })

  test('of the judgement on a content token', async () => {
    const { paths } = JSON.parse(openapi('pomona/v1', service.origin))
    const { schema } = paths['/checkToken'].post.responses['200'].content['application/json']
    const { status, json } = await service.ask('POST', '/pomona/v1/checkToken', {
      body: { token: 'no content token' },
    })
    expect(status).toBe(200)
    expect(Object.keys(json).sort()).toEqual(Object.keys(schema.properties).sort())
  })

  test('of the subscription', async () => {
    const { json } = await service.ask('GET', '/v1.0/subscribedSkus')
    expect(shown(json.value[0])).toEqual(described('v1.0', 'subscribedSku'))
  })

  test('of a batch, whose example is answered', async () => {
    const { paths, components } = JSON.parse(openapi('v1.0', service.origin))
    const { example } = paths['/$batch'].post.requestBody.content['application/json']
    const { status, json } = await service.ask('POST', '/v1.0/$batch', { body: example })
    expect(status).toBe(200)
    const { items } = components.schemas.batchResponse.properties.responses
    expect(Object.keys(items.properties)).toEqual(
      expect.arrayContaining(Object.keys(json.responses[0])),
    )
  })

  test('of an error', async () => {
    const { schemas } = JSON.parse(openapi('v1.0', service.origin)).components
    const { json } = await service.ask('GET', '/v1.0/deviceAppManagement/vppTokens?$top=0')
    const told = schemas.error.properties.error.properties
    expect(Object.keys(told)).toEqual(expect.arrayContaining(Object.keys(json.error)))
    expect(told.code.enum).toContain(json.error.code)
    expect(Object.keys(told.innerError.properties)).toEqual(
      expect.arrayContaining(Object.keys(json.error.innerError)),
    )
  })

  test('of the examples for creating and updating', async () => {
    const { paths } = JSON.parse(openapi('v1.0', service.origin))
    const { post } = paths['/deviceAppManagement/vppTokens']
    const { patch } = paths['/deviceAppManagement/vppTokens/{id}']
    const example = (operation: typeof post) =>
      operation.requestBody.content['application/json'].example
    const created = await service.ask('POST', '/v1.0/deviceAppManagement/vppTokens', {
      body: example(post),
    })
    expect(created.status).toBe(201)
    const path = `/v1.0/deviceAppManagement/vppTokens/${created.json.id}`
    const updated = await service.ask('PATCH', path, { body: example(patch) })
    expect([updated.status, updated.json.automaticallyUpdateApps]).toEqual([200, true])
  })
})

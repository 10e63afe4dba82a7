import { describe, expect, test } from 'vitest'
import { Failure } from '../../model/failure.ts'
import { navigationsOf } from '../answer/shown-properties.ts'
import { versions } from '../entity-set.ts'
import { knownPermissions, scopeSets } from '../gate/scopes.ts'
import { handlers } from '../handlers/handlers.ts'
import { operations } from '../operations.ts'
import { readQueryOptions, refusedOnWhole } from '../request/query-options.ts'
import { queryOptionsOf } from './openapi/parameters.ts'
import { openapi } from './openapi.ts'
import { addressOf, operationId } from './spelling.ts'
import { summaries } from './summaries.ts'

interface Described {
  readonly operationId: string
  readonly security: readonly { readonly accessToken: readonly string[] }[]
  readonly parameters: readonly Record<string, unknown>[]
  readonly requestBody?: Record<string, unknown>
  readonly responses: Record<string, { readonly content?: Record<string, { schema: unknown }> }>
}

interface Document {
  readonly openapi: string
  readonly paths: Record<string, Record<string, Described>>
  readonly components: Record<string, Record<string, Record<string, unknown>>>
}

const documents = new Map(
  versions.map((version) => [
    version,
    JSON.parse(openapi(version, 'https://vpp.example.org')) as Document,
  ]),
)
const described = (name: string): Described => {
  for (const { paths } of documents.values())
    for (const verbs of Object.values(paths))
      for (const one of Object.values(verbs)) if (one.operationId === name) return one
  throw new Error(`No operation is called ${name}.`)
}
const schemaOf = (name: string, status: number, type = 'application/json') =>
  described(name).responses[status]?.content?.[type]?.schema

describe('every operation', () => {
  test.each([...versions])('of %s is described once, and nothing else is', (version) => {
    const found = Object.entries(documents.get(version)?.paths ?? {}).flatMap(([address, verbs]) =>
      Object.entries(verbs).map(([verb, one]) => `${verb} ${address} ${one.operationId}`),
    )
    const expected = operations
      .filter((operation) => operation.version === version)
      .map((one) => `${one.verb.toLowerCase()} ${addressOf(one.path)} ${operationId(one)}`)
    expect(found.sort()).toEqual(expected.sort())
  })

  test('has an id of its own over all versions', () => {
    const ids = operations.map(operationId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toContain('listTokensV1')
    expect(ids).toContain('listTokensBeta')
    expect(ids).toContain('listTokensOld')
    expect(ids).toContain('listTokensPomona')
  })

  test('is told in a sentence, and no other is', () => {
    const names = new Set(operations.map(({ name }) => name))
    expect([...names].filter((name) => summaries[name] === undefined)).toEqual([])
    expect(Object.keys(summaries).filter((name) => !names.has(name))).toEqual([])
  })

  test('refers only to what the document holds', () => {
    for (const [version, document] of documents) {
      const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)]
      const missing = refs.filter(([, kind = '', name = '']) => !document.components[kind]?.[name])
      expect([version, missing.map(([ref]) => ref)]).toEqual([version, []])
      expect(refs.length).toBeGreaterThan(20)
    }
  })

  test('declares each value that its path holds', () => {
    for (const { paths } of documents.values())
      for (const [address, verbs] of Object.entries(paths))
        for (const one of Object.values(verbs)) {
          const inPath = one.parameters.filter((parameter) => parameter.in === 'path')
          const wanted = [...address.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
          expect(inPath.map(({ name }) => name)).toEqual(wanted)
        }
  })
})

test('a permission opens an operation when it is any one of its set', () => {
  expect(described('listMobileAppsV1').security).toEqual(
    scopeSets.readApps.map((scope) => ({ accessToken: [scope] })),
  )
  expect(described('listSubscribedSkusV1').security).toEqual([{ accessToken: [] }])
  expect(described('getMetadataV1').security).toEqual([])
  const asked = [...documents.values()].flatMap(({ paths }) =>
    Object.values(paths).flatMap((verbs) =>
      Object.values(verbs).flatMap(({ security }) =>
        security.flatMap(({ accessToken }) => accessToken),
      ),
    ),
  )
  expect(new Set(asked)).toEqual(new Set(knownPermissions))
})

describe('query options', () => {
  const all = [
    'select',
    'filter',
    'orderby',
    'top',
    'skip',
    'count',
    'skiptoken',
    'search',
    'expand',
  ]
  const rows = operations.flatMap((operation) =>
    operation.use && operation.set ? [{ operation, use: operation.use, set: operation.set }] : [],
  )

  /** An option that is heeded refuses nonsense; one that is not is ignored (graph 7.4). */
  test.each(rows)(
    '$operation.name of $operation.version: those that count are named',
    ({ operation, use, set }) => {
      const handler = handlers[use]
      const isRefused = (option: string, value: string) => {
        try {
          readQueryOptions(`$${option}=${encodeURIComponent(value)}`, handler.answers, set)
          return false
        } catch (error) {
          expect(error).toBeInstanceOf(Failure)
          return true
        }
      }
      const heeded = all.filter((option) => isRefused(option, "((' nonsense"))
      const navigations = Object.keys(navigationsOf(set.type))
      const named: readonly string[] = queryOptionsOf(operation, handler)
      // What is refused whatever it says is not to be recommended.
      const refused: readonly string[] = [
        ...(set.isWhole ? refusedOnWhole : []),
        ...(set.searched ? [] : ['search']),
        ...(navigations.every((name) => isRefused('expand', name)) ? ['expand'] : []),
      ]
      expect([...named].sort()).toEqual(heeded.filter((name) => !refused.includes(name)).sort())
    },
  )

  test('only apps can be searched and expanded', () => {
    const of = (name: string) =>
      described(name).parameters.map(({ $ref }) => String($ref).split('/').at(-1))
    expect(of('listMobileAppsBeta')).toContain('expand')
    expect(of('listMobileAppsBeta')).toContain('search')
    expect(of('listTokensBeta')).not.toContain('expand')
    expect(of('listTokensBeta')).not.toContain('search')
  })
})

describe('answers', () => {
  test('of a list are its rows, of whatever type stands there', () => {
    expect(schemaOf('listMobileAppsBeta', 200)).toMatchObject({
      properties: {
        value: {
          items: {
            anyOf: [
              { $ref: '#/components/schemas/iosVppApp' },
              { $ref: '#/components/schemas/macOsVppApp' },
              { $ref: '#/components/schemas/mobileApp' },
            ],
          },
        },
      },
    })
  })

  test.each([
    [
      'createTokenV1',
      ['201', '204', '400', '401', '403', '409', '413', '422', '429', '500', '503'],
    ],
    [
      'updateTokenV1',
      ['200', '204', '400', '401', '403', '404', '409', '412', '413', '429', '500', '503'],
    ],
    ['deleteTokenOld', ['204', '400', '401', '403', '404', '412', '429', '500', '503']],
    ['syncLicensesBeta', ['200', '400', '401', '403', '404', '413', '429', '500', '503']],
    ['syncLicenseCountsBeta', ['204', '400', '401', '403', '413', '429', '500', '503']],
    ['getTokenPomona', ['200', '304', '400', '401', '403', '404', '429', '500', '503']],
    ['getMetadataBeta', ['200', '500']],
  ])('of %s have the statuses %s', (name, statuses) => {
    expect(Object.keys(described(name).responses)).toEqual(statuses)
  })

  test('of $count are text', () => {
    expect(schemaOf('countTokensV1', 200, 'text/plain')).toEqual({ type: 'integer' })
  })

  test('of failures hold one of the codes, and say when to come again', () => {
    const { schemas = {}, responses = {} } = documents.get('beta')?.components ?? {}
    const codes = JSON.stringify(schemas.error)
    for (const code of ['InvalidAuthenticationToken', 'ModelValidationFailure', 'TooManyRequests'])
      expect(codes).toContain(`"${code}"`)
    expect(responses.error400?.description).toBe('BadRequest or ModelValidationFailure')
    expect(responses.error429).toHaveProperty(['headers', 'Retry-After'])
  })
})

describe('bodies', () => {
  test('of a create are the entity, with an example of what only a caller knows', () => {
    expect(described('createTokenV1').requestBody).toEqual({
      required: true,
      content: {
        'application/json': {
          schema: { $ref: '#/components/schemas/vppToken' },
          example: { appleId: '<appleId>', token: '<token>' },
        },
      },
    })
  })

  test('are missing where an action takes nothing', () => {
    expect(described('syncLicensesV1').requestBody).toBeUndefined()
  })
})

describe('schemas', () => {
  const schemas = documents.get('beta')?.components.schemas ?? {}
  const old = documents.get('beta')?.components.schemas?.appleVolumePurchaseProgramToken

  test('show the old entity with its four states and no named enums', () => {
    expect(old).toMatchObject({
      properties: { state: { type: 'string', enum: ['unknown', 'valid', 'expired', 'invalid'] } },
    })
  })

  test('allow null where the declaration does', () => {
    expect(schemas.vppToken).toMatchObject({
      properties: {
        organizationName: { type: ['string', 'null'], maxLength: 4096 },
        expirationDateTime: { type: 'string', format: 'date-time' },
        id: { type: 'string', format: 'uuid', readOnly: true },
      },
    })
    expect(schemas.mobileApp).toMatchObject({
      properties: {
        largeIcon: { anyOf: [{ $ref: '#/components/schemas/mimeContent' }, { type: 'null' }] },
      },
    })
  })

  test('build a derived type on its base', () => {
    expect(schemas.iosVppApp).toMatchObject({
      allOf: [{ $ref: '#/components/schemas/mobileApp' }, { type: 'object' }],
    })
  })
})

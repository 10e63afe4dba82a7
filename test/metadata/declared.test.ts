import { beforeAll, describe, expect, test } from 'vitest'
import { csdl } from '../../src/graph/metadata/csdl.ts'
import { openapi } from '../../src/graph/metadata/openapi.ts'
import type { Face, Shape } from '../../src/model/entity-type.ts'
import { declaredTypes, type Shown } from './declarations.ts'

/** Which shapes of the records each version's documents speak of. */
const facesOf = {
  'v1.0': ['v1.0'],
  beta: ['old', 'beta'],
  'pomona/v1': ['pomona'],
} as const satisfies Record<string, readonly Face[]>

/** In the metadata only: where rows stand, and what all entities derive from. */
const places = [
  'entity',
  'organization',
  'deviceAppManagement',
  'deviceManagement',
  'depOnboardingSetting',
]

/** In the OpenAPI documents only. */
const envelopes = ['batchRequest', 'batchResponse', 'error']

let declared: ReadonlyMap<Face, ReadonlyMap<string, Shown>>
beforeAll(async () => {
  declared = await declaredTypes()
})

function declaredIn(version: keyof typeof facesOf): Record<string, Record<string, string>> {
  return Object.fromEntries(
    facesOf[version].flatMap((face) =>
      [...(declared.get(face) ?? [])].map(([name, properties]) => [
        name,
        Object.fromEntries(
          [...properties].map(([wire, { shape, nullable }]) => [
            wire,
            `${spelt(shape, face)}${nullable || shape.kind === 'collection' ? '' : '!'}`,
          ]),
        ),
      ]),
    ),
  )
}

const edm: Readonly<Record<string, string>> = {
  text: 'Edm.String',
  guid: 'Edm.Guid',
  binary: 'Edm.Binary',
  flag: 'Edm.Boolean',
  int32: 'Edm.Int32',
  int64: 'Edm.Int64',
  dateTimeOffset: 'Edm.DateTimeOffset',
}

function spelt(shape: Shape, face: Face): string {
  if (shape.kind === 'collection') return `Collection(${spelt(shape.of, face)})`
  if (shape.kind === 'complex') return `graph.${shape.of.name}`
  if (shape.kind === 'member') return face === 'old' ? 'Edm.String' : `graph.${shape.of.name}`
  return edm[shape.kind] ?? shape.kind
}

/** Types by name as the document tells them, inherited properties among them. */
function toldByCsdl(document: string): Record<string, Record<string, string>> {
  const types = new Map<string, { base: string | undefined; own: [string, string][] }>()
  for (const [, name = '', rest = ''] of document.matchAll(
    /^<(?:Entity|Complex)Type Name="(\w+)"(.*)$/gm,
  ))
    types.set(name, {
      base: /^ BaseType="graph\.(\w+)"/.exec(rest)?.[1],
      own: [...rest.matchAll(/<Property Name="(\w+)" Type="([^"]+)"( Nullable="false")?\/>/g)].map(
        ([, property = '', type = '', required]) => [property, `${type}${required ? '!' : ''}`],
      ),
    })
  const all = (name: string | undefined): [string, string][] => {
    const type = name === undefined ? undefined : types.get(name)
    return type ? [...all(type.base), ...type.own] : []
  }
  return Object.fromEntries([...types.keys()].map((name) => [name, Object.fromEntries(all(name))]))
}

interface Schema {
  readonly properties?: Record<string, unknown>
  readonly allOf?: readonly Schema[]
  readonly enum?: readonly string[]
  readonly $ref?: string
}

function toldByOpenapi(document: string): Record<string, readonly string[]> {
  const { schemas } = JSON.parse(document).components as { schemas: Record<string, Schema> }
  const namesIn = (schema: Schema | undefined): readonly string[] => [
    ...(schema?.$ref ? namesIn(schemas[schema.$ref.split('/').at(-1) ?? '']) : []),
    ...(schema?.allOf ?? []).flatMap(namesIn),
    ...Object.keys(schema?.properties ?? {}).filter((name) => !name.startsWith('@odata.')),
  ]
  return Object.fromEntries(
    Object.entries(schemas)
      .filter(([name, schema]) => !schema.enum && !envelopes.includes(name))
      .map(([name, schema]) => [name, namesIn(schema)]),
  )
}

describe.each(['v1.0', 'beta'] as const)('the metadata of %s', (version) => {
  test('has every declared type with every declared property, its type and whether it may be null, and nothing else', () => {
    const told = Object.entries(toldByCsdl(csdl(version)))
    const types = told.filter(([name]) => !places.includes(name))
    const expected = declaredIn(version)
    // The key is one and the same for all entities, a text.
    for (const properties of Object.values(expected))
      if ('id' in properties) properties.id = 'Edm.String!'
    expect(Object.fromEntries(types)).toEqual(expected)
    expect(types.length).toBeGreaterThan(8)
  })
})

describe.each(['v1.0', 'beta', 'pomona/v1'] as const)('the OpenAPI document of %s', (version) => {
  test('has every declared type with every declared property, and nothing else', () => {
    const told = toldByOpenapi(openapi(version, 'https://vpp.example.org'))
    const expected = Object.entries(declaredIn(version)).map(([name, properties]) => [
      name,
      Object.keys(properties).sort(),
    ])
    expect(
      Object.fromEntries(Object.entries(told).map(([name, names]) => [name, [...names].sort()])),
    ).toEqual(Object.fromEntries(expected))
  })
})

test('the declarations looked at are those of the whole model', () => {
  expect([...(declared.get('v1.0')?.keys() ?? [])]).toContain('iosVppEBook')
  expect([...(declared.get('pomona')?.keys() ?? [])]).toContain('libraryItem')
  expect(declared.get('beta')?.get('vppToken')?.size).toBeGreaterThan(19)
})

import { createRequire } from 'node:module'
import { parse } from '@sap-ux/edmx-parser'
import { describe, expect, test } from 'vitest'
import { csdl } from '../../src/graph/metadata/csdl.ts'

type Json = Readonly<Record<string, unknown>>

/** The OASIS committee's own converter; it comes without types. */
const { xml2json } = createRequire(import.meta.url)('odata-csdl') as {
  xml2json(xml: string, options: { strict: boolean; messages: unknown[] }): Json
}

interface Named {
  readonly name: string
  readonly fullyQualifiedName: string
}
interface Typed {
  readonly type: string
}
/** What the second parser gives back; its own types speak of a package that it does not bring along. */
interface Read {
  readonly version: string
  readonly schema: {
    readonly namespace: string
    readonly entityTypes: readonly (Named & {
      readonly entityProperties: readonly Typed[]
      readonly navigationProperties: readonly { readonly targetTypeName: string }[]
    })[]
    readonly complexTypes: readonly (Named & { readonly properties: readonly Typed[] })[]
    readonly enumTypes: readonly Named[]
    readonly actions: readonly (Named & { readonly parameters: readonly Typed[] })[]
    readonly singletons: readonly (Named & { readonly entityTypeName: string })[]
    readonly entitySets: readonly (Named & { readonly entityTypeName: string })[]
  }
}

const kinds = {
  EntityType: 'entityTypes',
  ComplexType: 'complexTypes',
  EnumType: 'enumTypes',
} as const
const namesIn = (document: string, element: string) =>
  [...document.matchAll(new RegExp(`<${element} Name="(\\w+)"`, 'g'))].map(([, name = '']) => name)

describe.each(['v1.0', 'beta'] as const)('the metadata of %s', (version) => {
  const document = csdl(version)

  test('is converted to CSDL JSON without a word of complaint', () => {
    const messages: unknown[] = []
    const json = xml2json(document, { strict: true, messages })
    expect(messages).toEqual([])
    expect(json).toMatchObject({
      $Version: '4.0',
      $EntityContainer: 'microsoft.graph.GraphService',
    })
    const schema = json['microsoft.graph'] as Record<string, Json | readonly Json[]>
    for (const kind of Object.keys(kinds)) {
      const read = Object.entries(schema).filter(([, type]) => Object(type).$Kind === kind)
      expect(read.map(([name]) => name).sort()).toEqual(namesIn(document, kind).sort())
    }
    expect(schema.vppToken).toMatchObject({
      $BaseType: 'graph.entity',
      state: { $Type: 'graph.vppTokenState' },
      organizationName: { $Nullable: true },
    })
    expect(schema.syncLicenses).toContainEqual(
      expect.objectContaining({
        $Kind: 'Action',
        $IsBound: true,
        $ReturnType: { $Type: 'graph.vppToken', $Nullable: true },
      }),
    )
  })

  test('is read by a second parser with all types, actions and places, each name resolved', () => {
    const { version: csdlVersion, schema } = parse(document) as unknown as Read
    expect([csdlVersion, schema.namespace]).toEqual(['4.0', 'microsoft.graph'])
    for (const [element, list] of Object.entries(kinds))
      expect(schema[list].map(({ name }) => name).sort()).toEqual(namesIn(document, element).sort())
    const actions = [...namesIn(document, 'Action'), ...namesIn(document, 'Function')]
    expect(schema.actions.map(({ name }) => name).sort()).toEqual(actions.sort())
    expect(
      schema.singletons.map(({ name, entityTypeName }) => [name, entityTypeName]),
    ).toContainEqual(['deviceAppManagement', 'microsoft.graph.deviceAppManagement'])
    const known = new Set(
      Object.values(kinds).flatMap((list) => schema[list].map((type) => type.fullyQualifiedName)),
    )
    const used = [
      ...schema.entityTypes.flatMap((type) => [
        ...type.entityProperties.map((property) => property.type),
        ...type.navigationProperties.map((navigation) => navigation.targetTypeName),
      ]),
      ...schema.complexTypes.flatMap((type) => type.properties.map((property) => property.type)),
      ...schema.actions.flatMap((action) => action.parameters.map((parameter) => parameter.type)),
      ...schema.entitySets.map((set) => set.entityTypeName),
    ].map((name) => name.replace(/^Collection\((.*)\)$/, '$1'))
    expect(used.filter((name) => !name.startsWith('Edm.') && !known.has(name))).toEqual([])
  })
})

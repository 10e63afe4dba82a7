/** Every declaration of src/model, found by looking at what its files export: whoever adds one is not asked to name it here. */
import { globSync } from 'node:fs'
import {
  type ComplexType,
  type EntityType,
  type Face,
  isNullable,
  type Shape,
} from '../../src/model/entity-type.ts'

const faces: readonly Face[] = ['old', 'v1.0', 'beta', 'pomona']

/** Types and values without a key by the face they show in and their name there, each with the names it has on the wire. */
export async function declaredTypes(): Promise<ReadonlyMap<Face, ReadonlyMap<string, Shown>>> {
  const found = new Set<EntityType>()
  for (const file of globSync('src/model/*.ts').filter((path) => !path.endsWith('.test.ts'))) {
    const address = new URL(`../../${file}`, import.meta.url).href
    const exported: Record<string, unknown> = await import(address)
    for (const value of Object.values(exported)) if (isEntityType(value)) visit(value, found)
  }
  return new Map(faces.map((face) => [face, shownIn(face, found)]))
}

/** Inherited properties are among them. */
export type Shown = ReadonlyMap<string, { readonly shape: Shape; readonly nullable: boolean }>

function isEntityType(value: unknown): value is EntityType {
  return typeof value === 'object' && value !== null && Object(value).kind === 'entityType'
}

function visit(type: EntityType, found: Set<EntityType>): void {
  if (found.has(type)) return
  found.add(type)
  if (type.base) visit(type.base, found)
  for (const { to } of Object.values(type.navigations ?? {})) visit(to, found)
}

function shownIn(face: Face, types: ReadonlySet<EntityType>): ReadonlyMap<string, Shown> {
  const shown = new Map<string, Shown>()
  for (const type of types) {
    const name = type.names[face]
    if (name === undefined) continue
    const properties = Object.entries(type.properties).flatMap(([own, property]) => {
      const wire = property.faces[face]
      const { shape } = property
      const facts = { shape, nullable: isNullable(property, face) }
      return wire === undefined ? [] : [[wire === true ? own : wire, facts] as const]
    })
    shown.set(name, new Map(properties))
    for (const [, { shape }] of properties) addComplex(shape, face, shown)
  }
  return shown
}

function addComplex(shape: Shape, face: Face, shown: Map<string, Shown>): void {
  if (shape.kind === 'collection') addComplex(shape.of, face, shown)
  if (shape.kind !== 'complex') return
  const add = (type: ComplexType, inherited: Shown) => {
    const own = Object.entries(type.fields).filter(([, of]) => of.faces?.includes(face) ?? true)
    const fields: Shown = new Map([...inherited, ...own])
    shown.set(type.name, fields)
    for (const [, field] of own) addComplex(field.shape, face, shown)
    for (const derived of type.derived ?? []) add(derived, fields)
  }
  add(shape.of, new Map())
}

/** Declared types as JSON schemas, each under the name it has on the wire (graph 3, 5). */
import {
  type EntityType,
  type Face,
  isNullable,
  type Property,
  type Shape,
} from '../../../model/entity-type.ts'
import type { EntitySet, Version } from '../../entity-set.ts'
import {
  isNamedEnum,
  ownFields,
  ownMembers,
  reachableTypes,
  type ShownComplex,
  type ShownEntity,
  shownMembers,
} from '../reachable-types.ts'

export type JsonSchema = Readonly<Record<string, unknown>>

export function ref(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` }
}

/** Every type that the version's sets can show, by name. */
export function typeSchemas(version: Version): Readonly<Record<string, JsonSchema>> {
  const { entities, complexes, enums } = reachableTypes(version)
  return Object.fromEntries([
    ...entities.map((shown) => [shown.type.names[shown.face], entitySchema(shown)]),
    ...complexes.map((shown) => [shown.type.name, complexSchema(shown)]),
    ...[...enums].map(([{ name }, members]) => [name, { type: 'string', enum: [...members] }]),
  ])
}

/** One row of a set: any of the types that stand there. */
export function rowSchema({ type, derived, face }: EntitySet): JsonSchema {
  const own = refOf(type, face)
  const others = [...derived.values()].map((one) => refOf(one, face))
  return others.length === 0 ? own : { anyOf: [...others, own] }
}

function refOf(type: EntityType, face: Face): JsonSchema {
  return ref(type.names[face] ?? '')
}

const annotation = (description: string) => ({ type: 'string', description })

/** What Graph's entities say of themselves; Pomona's own face says nothing. */
const annotations = {
  '@odata.context': annotation('Where the metadata tells what this is; on a single entity'),
  '@odata.type': annotation(
    'The type, where it is not the declared one; in a body with or without #',
  ),
}

function entitySchema(shown: ShownEntity): JsonSchema {
  const { type, face, isKeyless } = shown
  const isAnnotated = face !== 'pomona' && !isKeyless && !type.base
  const own = {
    type: 'object',
    properties: {
      ...(isAnnotated ? annotations : {}),
      ...Object.fromEntries(
        ownMembers(shown).map(({ wire, property }) => [wire, propertySchema(property, face)]),
      ),
    },
  }
  return type.base ? { allOf: [refOf(type.base, face), own] } : own
}

function complexSchema(shown: ShownComplex): JsonSchema {
  const own = {
    type: 'object',
    properties: Object.fromEntries(
      ownFields(shown).map(([name, { shape, nullable }]) => [
        name,
        maybeNull(shapeSchema(shape, shown.face), nullable),
      ]),
    ),
  }
  return shown.base ? { allOf: [ref(shown.base.name), own] } : own
}

function propertySchema(property: Property, face: Face): JsonSchema {
  const schema = shapeSchema(property.shape, face, property)
  return {
    ...maybeNull(schema, isNullable(property, face)),
    description: property.description,
    // Sent all the same it is accepted and ignored (graph G4).
    ...(property.write === 'service' ? { readOnly: true } : {}),
  }
}

function maybeNull(schema: JsonSchema, nullable: boolean): JsonSchema {
  if (!nullable) return schema
  if (typeof schema.type === 'string') return { ...schema, type: [schema.type, 'null'] }
  return { anyOf: [schema, { type: 'null' }] }
}

function shapeSchema(shape: Shape, face: Face, property?: Property): JsonSchema {
  switch (shape.kind) {
    case 'text':
      return { type: 'string', maxLength: shape.maxLength }
    case 'guid':
      return { type: 'string', format: 'uuid' }
    case 'binary':
      return { type: 'string', contentEncoding: 'base64', maxLength: shape.maxLength }
    case 'flag':
      return { type: 'boolean' }
    case 'int32':
    case 'int64':
      return { type: 'integer', format: shape.kind }
    case 'dateTimeOffset':
      return { type: 'string', format: 'date-time' }
    case 'member':
      return isNamedEnum(face)
        ? ref(shape.of.name)
        : { type: 'string', enum: shownMembers(shape.of, face, property) }
    case 'complex': {
      const derived = (shape.of.derived ?? []).map(({ name }) => ref(name))
      return derived.length === 0 ? ref(shape.of.name) : { anyOf: [...derived, ref(shape.of.name)] }
    }
    case 'collection':
      return {
        type: 'array',
        items: shapeSchema(shape.of, face, property),
        maxItems: shape.maxItems,
      }
  }
}

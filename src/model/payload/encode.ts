/** From a record to the JSON members of a face, in wire order; driven by the declaration (graph 3.1, 7.2). */
import { type DateTimeOffset, formatDateTimeOffset } from '../date-time-offset.ts'
import type {
  ComplexType,
  ComplexValue,
  EntityType,
  Face,
  Property,
  Shape,
} from '../entity-type.ts'
import { faceMembers } from './face-members.ts'

export type JsonMembers = Record<string, unknown>

/** How much a face says about types (graph 7.2). */
export type MetadataLevel = 'none' | 'minimal' | 'full'

export interface EncodeOptions {
  readonly level: MetadataLevel
  /** Wire names to show, spelt as the face spells them; absent = all. */
  readonly select?: ReadonlySet<string>
  /** What the request carried in a secret property, echoed exactly once (graph D4); absent = shown as null. */
  readonly echo?: Readonly<Record<string, string | null>>
}

/** The members of one record; annotations of the entity itself (`@odata.context`, `@odata.type`) are the caller's. */
export function encode(
  type: EntityType,
  face: Face,
  record: Readonly<Record<string, unknown>>,
  options: EncodeOptions,
): JsonMembers {
  const members: JsonMembers = {}
  for (const { name, wire, property } of faceMembers(type, face).inWireOrder) {
    if (options.select && !options.select.has(wire)) continue
    if (options.level === 'full') annotate(members, wire, property.shape, face)
    members[wire] = property.secret
      ? (options.echo?.[name] ?? null)
      : encodeShape(property, face, record[name], options.level)
  }
  return members
}

function encodeShape(
  property: Property,
  face: Face,
  value: unknown,
  level: MetadataLevel,
): unknown {
  const shown = property.shownAs?.[face]?.[String(value)]
  return shown ?? encodeValue(property.shape, face, value, level)
}

function encodeValue(shape: Shape, face: Face, value: unknown, level: MetadataLevel): unknown {
  if (value === null || value === undefined) return null
  switch (shape.kind) {
    case 'dateTimeOffset':
      return formatDateTimeOffset(value as DateTimeOffset)
    case 'collection':
      return (value as readonly unknown[]).map((item) => encodeValue(shape.of, face, item, level))
    case 'complex':
      return encodeComplex(shape.of, face, value as ComplexValue, level)
    default:
      return value
  }
}

function encodeComplex(
  declared: ComplexType,
  face: Face,
  value: ComplexValue,
  level: MetadataLevel,
): JsonMembers {
  const actual = actualType(declared, value)
  // Readers choose the parser by the type, so a derived value names it at every level but none (graph 3.4).
  const isNamed = level === 'full' || (level === 'minimal' && actual !== declared)
  const members: JsonMembers = isNamed ? { '@odata.type': `#microsoft.graph.${actual.name}` } : {}
  for (const [name, field] of Object.entries({ ...declared.fields, ...actual.fields }))
    if (field.faces?.includes(face) ?? true) {
      if (level === 'full') annotate(members, name, field.shape, face)
      members[name] = encodeValue(field.shape, face, value[name], level)
    }
  return members
}

/** A type with a field of its own called `type` has no others derived from it. */
function actualType(declared: ComplexType, { type }: ComplexValue): ComplexType {
  return declared.derived?.find(({ name }) => name === type) ?? declared
}

/** `prop@odata.type` for what JSON alone does not tell: dates, enums, collections (graph 7.2, full). */
function annotate(members: JsonMembers, wire: string, shape: Shape, face: Face): void {
  const name = odataTypeName(shape, face)
  if (name !== undefined) members[`${wire}@odata.type`] = `#${name}`
}

function odataTypeName(shape: Shape, face: Face): string | undefined {
  switch (shape.kind) {
    case 'dateTimeOffset':
      return 'DateTimeOffset'
    case 'member':
      // The old entity's enums are plain strings in its metadata (graph 7.10).
      return face === 'old' ? undefined : `microsoft.graph.${shape.of.name}`
    case 'collection':
      return `Collection(${shape.of.kind === 'complex' ? `microsoft.graph.${shape.of.of.name}` : 'String'})`
    case 'int64':
      return 'Int64'
    default:
      return undefined
  }
}

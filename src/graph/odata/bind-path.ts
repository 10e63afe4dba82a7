/** From a path to the declared property that it names, and what can be compared and ordered at all. */
import type { Property, Shape } from '../../model/entity-type.ts'
import type { Operand } from '../../model/list-query.ts'
import { faceMembers } from '../../model/payload/face-members.ts'
import { qualified } from '../namespace.ts'
import { type NamedType, namedType } from './named-type.ts'
import type { QueriedRows } from './queried-rows.ts'
import { clipped, type Option, refused } from './refusal.ts'
import type { PathTree } from './tree.ts'

/** Shapes of which one value is less than, equal to or greater than another. */
type ComparableShape = Exclude<Shape, { kind: 'complex' | 'collection' | 'binary' }>

export interface Target {
  readonly option: Option
  readonly operand: Operand
  readonly property: Property
  readonly shape: ComparableShape
  /** As the face spells it. */
  readonly wire: string
  readonly face: QueriedRows['face']
}

/** Names in any case (graph 4.1); a cast before the property narrows it to rows of that type (graph 5.1). */
export function bindPath(option: Option, { segments }: PathTree, rows: QueriedRows): Target {
  const casts = segments.slice(0, -1)
  const name = segments.at(-1) ?? ''
  const inner = casts.find((segment) => !segment.includes('.'))
  if (inner !== undefined) throw notComparable(option, inner, 'has no parts to be looked into')
  if (casts.length > 1 || name.includes('.'))
    throw refused(
      option,
      `The ${option} casts to a type without naming one property of it. Write microsoft.graph.type/property.`,
    )
  const cast = casts[0]
  const { type, kinds }: NamedType =
    cast === undefined ? { type: rows.type } : namedType(option, cast, rows)
  const member = faceMembers(type, rows.face).byLowerName.get(name.toLowerCase())
  if (!member)
    throw refused(
      option,
      `Invalid ${option.slice(1)} clause: Could not find a property named '${clipped(name)}' on type '${qualified(type.names[rows.face] ?? '')}'.`,
    )
  const { property, wire } = member
  return {
    option,
    operand: { property: member.name, ...(kinds && { ofKinds: kinds }) },
    property,
    shape: comparableShape(option, wire, property),
    wire,
    face: rows.face,
  }
}

function comparableShape(option: Option, wire: string, property: Property): ComparableShape {
  const { shape } = property
  if (property.secret) throw notComparable(option, wire, 'is a secret and never compared')
  if (property.isOpaque) throw notComparable(option, wire, 'is worked out for each row, not stored')
  switch (shape.kind) {
    case 'complex':
      throw notComparable(option, wire, 'is made of several values')
    case 'collection':
      throw notComparable(option, wire, 'is a collection')
    case 'binary':
      throw notComparable(option, wire, 'is binary')
    default:
      return shape
  }
}

function notComparable(option: Option, name: string, why: string) {
  return refused(
    option,
    `The property '${clipped(name)}' cannot be used in ${option}: it ${why}. Choose among the rows that come back instead.`,
  )
}

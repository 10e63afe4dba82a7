/** The properties of an entity as one face shows them; worked out once per type and face. */
import { type EntityType, type Face, type Property, wireName } from '../entity-type.ts'

export interface FaceMember {
  readonly name: string
  readonly wire: string
  readonly property: Property
}

export interface FaceMembers {
  readonly inWireOrder: readonly FaceMember[]
  /** By lower-case wire name: names are read in any case (graph 4.1). */
  readonly byLowerName: ReadonlyMap<string, FaceMember>
}

const known = new WeakMap<EntityType, Map<Face, FaceMembers>>()

export function faceMembers(type: EntityType, face: Face): FaceMembers {
  const faces = known.get(type) ?? new Map<Face, FaceMembers>()
  known.set(type, faces)
  const found = faces.get(face)
  if (found) return found
  const inWireOrder = Object.entries(type.properties).flatMap(([name, property]) => {
    const wire = wireName(name, property, face)
    return wire === undefined ? [] : [{ name, wire, property }]
  })
  const byLowerName = new Map(inWireOrder.map((member) => [member.wire.toLowerCase(), member]))
  const members = { inWireOrder, byLowerName }
  faces.set(face, members)
  return members
}

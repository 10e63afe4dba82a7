/** The types that a version's answers are made of, found by walking from its sets: none is missing, none stands there unused. */
import type {
  ComplexType,
  EntityType,
  EnumType,
  Face,
  Field,
  Property,
  Shape,
} from '../../model/entity-type.ts'
import { type FaceMember, faceMembers } from '../../model/payload/face-members.ts'
import type { Version } from '../entity-set.ts'
import { servedNavigations, servedSets } from './served.ts'

export interface ReachableTypes {
  /** Bases before what derives from them. */
  readonly entities: readonly ShownEntity[]
  readonly complexes: readonly ShownComplex[]
  /** The members that a property of the version can show, by enum. */
  readonly enums: ReadonlyMap<EnumType, ReadonlySet<string>>
}

export interface ShownEntity {
  readonly type: EntityType
  readonly face: Face
  /** A value without a key: it is no entity on the wire. */
  readonly isKeyless: boolean
}

export interface ShownComplex {
  readonly type: ComplexType
  readonly base?: ComplexType
  readonly face: Face
}

/** Properties of the type itself in a face; a base has the others. */
export function ownMembers({ type, face }: ShownEntity): readonly FaceMember[] {
  const inherited = type.base?.properties ?? {}
  return faceMembers(type, face).inWireOrder.filter(({ name }) => !(name in inherited))
}

export function ownFields({
  type,
  face,
}: ShownComplex): readonly (readonly [name: string, field: Field])[] {
  return Object.entries(type.fields).filter(([, { faces }]) => faces?.includes(face) ?? true)
}

/** What an enum's property can show in a face: members that show as another one are not among them (graph D11, G2). */
export function shownMembers(of: EnumType, face: Face, property?: Property): readonly string[] {
  const hidden = property?.shownAs?.[face] ?? {}
  return Object.keys(of.members).filter((member) => !(member in hidden))
}

/** The old entity's enums are plain strings in its metadata (graph 7.10). */
export function isNamedEnum(face: Face): boolean {
  return face !== 'old'
}

export function reachableTypes(version: Version): ReachableTypes {
  const entities = new Map<string, ShownEntity>()
  const complexes = new Map<string, ShownComplex>()
  const enums = new Map<EnumType, Set<string>>()

  function reach(type: EntityType, face: Face, isKeyless: boolean): void {
    const name = type.names[face]
    if (name === undefined || entities.has(name)) return
    if (type.base) reach(type.base, face, isKeyless)
    const shown = { type, face, isKeyless }
    entities.set(name, shown)
    for (const { property } of ownMembers(shown)) reachShape(property.shape, face, property)
    for (const [, { to, shownAs }] of servedNavigations(type, face, version))
      reach(to, shownAs ?? face, false)
  }

  function reachShape(shape: Shape, face: Face, property?: Property): void {
    if (shape.kind === 'collection') reachShape(shape.of, face, property)
    if (shape.kind === 'complex') reachComplex({ type: shape.of, face })
    if (shape.kind === 'member' && isNamedEnum(face)) {
      const members = enums.get(shape.of) ?? new Set()
      for (const member of shownMembers(shape.of, face, property)) members.add(member)
      enums.set(shape.of, members)
    }
  }

  function reachComplex(shown: ShownComplex): void {
    if (complexes.has(shown.type.name)) return
    complexes.set(shown.type.name, shown)
    for (const [, field] of ownFields(shown)) reachShape(field.shape, shown.face)
    for (const type of shown.type.derived ?? [])
      reachComplex({ type, base: shown.type, face: shown.face })
  }

  for (const { type, derived, face, isKeyless = false } of servedSets(version))
    for (const one of [type, ...derived.values()]) reach(one, face, isKeyless)
  return { entities: [...entities.values()], complexes: [...complexes.values()], enums }
}

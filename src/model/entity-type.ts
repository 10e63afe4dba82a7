/**
 * The vocabulary in which an entity is declared once, as plain data. Everything else (types, decode, encode, SQL columns,
 * query options, metadata) interprets such a declaration; nothing repeats it.
 */
import type { DateTimeOffset } from './date-time-offset.ts'

/** A way to show one record: the old entity, the new one in two API versions, and Pomona's own. */
export type Face = 'old' | 'v1.0' | 'beta' | 'pomona'

/** Wire name of a property in each face; `true` = the declared name, absent = not part of that face. */
export type FaceNames = Readonly<Partial<Record<Face, string | true>>>

/** An enum: members travel as text and are stored as text; the numbers stand in the metadata. */
export interface EnumType<Member extends string = string> {
  readonly kind: 'enum'
  readonly name: string
  readonly members: Readonly<Record<Member, number>>
}

/** Who decides a value once it is stored. Every property of a face may be *sent*; this says what becomes of it. */
export type Write =
  /** the caller's value stands */
  | 'caller'
  /** the caller's value stands until Apple or the content token says better (graph D1) */
  | 'untilKnown'
  /** accepted and ignored (graph G4), or not settable at all */
  | 'service'

/** A value that a record shows without having it stored as its own. */
export type Source =
  /** A property of the token that the record belongs to. */
  | { readonly kind: 'token'; readonly property: string }
  /** Another property of the same record. */
  | { readonly kind: 'same'; readonly property: string }
  /** The same for every record. */
  | { readonly kind: 'fixed'; readonly value: string | number | boolean | null }
  /** Large; read with a single record only, null in lists. */
  | { readonly kind: 'apart' }

interface Common {
  readonly faces: FaceNames
  readonly write: Write
  readonly description: string
  /** Never encoded, filtered, ordered or logged; only the answer to the request that carried it echoes it (graph D4). */
  readonly secret?: true
  /** Where the value comes from; absent = it is stored with the record. */
  readonly source?: Source
  /** True for what no list can be filtered or ordered by, though its kind could. */
  readonly isOpaque?: true
  /** Whether Graph's schema lets it be null in a face, where that is not what is kept (`nullable`). */
  readonly nullableIn?: Readonly<Partial<Record<Face, boolean>>>
  /** Members shown as another member in a face, e.g. `duplicateLocationId` as `invalid` in v1.0 (graph D11, G2). */
  readonly shownAs?: Readonly<Partial<Record<Face, Readonly<Record<string, string>>>>>
}

export type Scalar =
  | { readonly kind: 'text'; readonly maxLength: number }
  | { readonly kind: 'guid' }
  /** Base64 text; `maxLength` in characters. */
  | { readonly kind: 'binary'; readonly maxLength: number }
  | { readonly kind: 'flag' }
  | { readonly kind: 'int32' }
  | { readonly kind: 'int64' }
  | { readonly kind: 'dateTimeOffset' }
  | { readonly kind: 'member'; readonly of: EnumType }

export type Shape =
  | Scalar
  | { readonly kind: 'complex'; readonly of: ComplexType }
  | { readonly kind: 'collection'; readonly of: Shape; readonly maxItems: number }

export type Property = Common & {
  readonly shape: Shape
  readonly nullable: boolean
  /** The value when nobody has given one. */
  readonly initial: unknown
}

/** A field of a complex type; it is there wherever its type is, unless it names its faces. */
export interface Field {
  readonly shape: Shape
  readonly nullable: boolean
  readonly faces?: readonly Face[]
}

export interface ComplexType {
  readonly kind: 'complexType'
  readonly name: string
  readonly fields: Readonly<Record<string, Field>>
  /** Types that add fields to this one; a value names its type as `type`, the wire as `@odata.type`. */
  readonly derived?: readonly ComplexType[]
}

export interface EntityType<
  Properties extends Readonly<Record<string, Property>> = Readonly<Record<string, Property>>,
> {
  readonly kind: 'entityType'
  /** Unqualified type name per face. */
  readonly names: Readonly<Partial<Record<Face, string>>>
  /** In wire order, those of the base first. */
  readonly properties: Properties
  /** The type that this one adds properties to. */
  readonly base?: EntityType
  readonly isAbstract?: true
  /** Related entities by wire name, where a face has any. */
  readonly navigations?: Readonly<Record<string, Navigation>>
}

/** Entities that belong to one. */
export interface Navigation {
  readonly to: EntityType
  readonly isCollection: boolean
  readonly faces: readonly Face[]
  /** The face in which it shows the other entity; absent = the same. */
  readonly shownAs?: Face
  /** What `$expand` answers; absent = it cannot be expanded. */
  readonly expandsTo?: 'nothing'
}

/** A value of a complex type: its fields by name, and the name of its actual type. */
export type ComplexValue = { readonly type: string } & Readonly<Record<string, unknown>>

type ScalarValue<S> = S extends { kind: 'text' | 'guid' | 'binary' }
  ? string
  : S extends { kind: 'flag' }
    ? boolean
    : S extends { kind: 'int32' | 'int64' }
      ? number
      : S extends { kind: 'dateTimeOffset' }
        ? DateTimeOffset
        : S extends { kind: 'member'; of: EnumType<infer M> }
          ? M
          : S extends { kind: 'complex' }
            ? ComplexValue
            : never

type ShapeValue<S> = S extends { kind: 'collection'; of: infer Item }
  ? readonly ScalarValue<Item>[]
  : ScalarValue<S>

type ValueOf<P extends Property> = P['nullable'] extends true
  ? ShapeValue<P['shape']> | null
  : ShapeValue<P['shape']>

type SecretNames<Properties> = {
  [K in keyof Properties]: Properties[K] extends { secret: true } ? K : never
}[keyof Properties]

/** A record of the type: every property but the secret ones, which never leave their seal. */
export type EntityOf<T extends EntityType> = {
  readonly [K in Exclude<keyof T['properties'], SecretNames<T['properties']>>]: ValueOf<
    T['properties'][K]
  >
}

/** What a caller sent: any property, the secret ones included; absent means not sent. */
export type SentOf<T extends EntityType> = {
  readonly [K in keyof T['properties']]?: ValueOf<T['properties'][K]>
}

/** Keeps the literal types of a declaration while checking it. */
export function entityType<const P extends Readonly<Record<string, Property>>>(
  declaration: Omit<EntityType<P>, 'kind'>,
): EntityType<P> {
  return { kind: 'entityType', ...declaration }
}

export function enumType<const M extends string>(
  name: string,
  members: Readonly<Record<M, number>>,
): EnumType<M> {
  return { kind: 'enum', name, members }
}

export function complexType<const T extends Omit<ComplexType, 'kind'>>(
  declaration: T,
): T & { readonly kind: 'complexType' } {
  return { kind: 'complexType', ...declaration }
}

/** What a face promises of a property. */
export function isNullable({ nullable, nullableIn }: Property, face: Face): boolean {
  return nullableIn?.[face] ?? nullable
}

/** The wire name of a property in a face, or undefined when the face does not have it. */
export function wireName(name: string, property: Property, face: Face): string | undefined {
  const given = property.faces[face]
  return given === true ? name : given
}

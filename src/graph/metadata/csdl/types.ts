/** Declared types as CSDL elements (graph 7.10). */
import {
  type Face,
  type Field,
  isNullable,
  type Navigation,
  type Property,
  type Shape,
} from '../../../model/entity-type.ts'
import { typeName, type Version } from '../../entity-set.ts'
import { namespaceAlias, unqualified } from '../../namespace.ts'
import {
  isNamedEnum,
  ownFields,
  ownMembers,
  type ReachableTypes,
  type ShownComplex,
  type ShownEntity,
} from '../reachable-types.ts'
import { servedNavigations } from '../served.ts'
import { element } from './xml.ts'

/** `graph.vppToken` for `microsoft.graph.vppToken`: how the document refers to its own types. */
export function aliased(name: string): string {
  return `${namespaceAlias}.${unqualified(name)}`
}

export const collectionOf = (name: string) => `Collection(${name})`

export function enumElements({ enums }: ReachableTypes): readonly string[] {
  return [...enums].map(([{ name, members }, shown]) =>
    element(
      'EnumType',
      { Name: name },
      Object.entries(members)
        .filter(([member]) => shown.has(member))
        .map(([member, number]) => element('Member', { Name: member, Value: number })),
    ),
  )
}

export function entityElement(shown: ShownEntity, version: Version): string {
  const { type, face } = shown
  // The key is inherited from the root of all entities, a String whatever it holds.
  const properties = ownMembers(shown).filter(({ name }) => name !== 'id')
  return element(
    'EntityType',
    {
      Name: type.names[face],
      BaseType: type.base ? aliased(typeName(type.base, face)) : 'graph.entity',
      Abstract: type.isAbstract,
    },
    [
      ...properties.map(({ wire, property }) => propertyElement(wire, facts(property, face), face)),
      ...servedNavigations(type, face, version).map(([name, navigation]) =>
        navigationElement(name, navigation, shown),
      ),
    ],
  )
}

/** What belongs to one entity stands inside it; a single entity is only pointed at. */
function navigationElement(
  name: string,
  { to, isCollection, shownAs }: Navigation,
  { face }: ShownEntity,
): string {
  const target = aliased(typeName(to, shownAs ?? face))
  return isCollection
    ? containedElement(name, target)
    : element('NavigationProperty', { Name: name, Type: target })
}

export function containedElement(name: string, target: string): string {
  return element('NavigationProperty', {
    Name: name,
    Type: collectionOf(target),
    ContainsTarget: true,
  })
}

export function complexElement(shown: ShownComplex): string {
  return element(
    'ComplexType',
    { Name: shown.type.name, BaseType: shown.base ? `graph.${shown.base.name}` : undefined },
    ownFields(shown).map(([name, field]) => propertyElement(name, field, shown.face)),
  )
}

/** Rows without a key are values, declared like entities (graph 3.4, getLicensesForApp). */
export function keylessElement(shown: ShownEntity): string {
  return element(
    'ComplexType',
    { Name: shown.type.names[shown.face] },
    ownMembers(shown).map(({ wire, property }) =>
      propertyElement(wire, facts(property, shown.face), shown.face),
    ),
  )
}

const facts = (property: Property, face: Face): Field => ({
  shape: property.shape,
  nullable: isNullable(property, face),
})

function propertyElement(name: string, { shape, nullable }: Field, face: Face): string {
  // Of a collection the attribute would speak of its items.
  const isRequired = !nullable && shape.kind !== 'collection'
  return element('Property', {
    Name: name,
    Type: shapeType(shape, isNamedEnum(face)),
    Nullable: isRequired ? false : undefined,
  })
}

function shapeType(shape: Shape, hasEnums: boolean): string {
  switch (shape.kind) {
    case 'text':
      return 'Edm.String'
    case 'guid':
      return 'Edm.Guid'
    case 'binary':
      return 'Edm.Binary'
    case 'flag':
      return 'Edm.Boolean'
    case 'int32':
      return 'Edm.Int32'
    case 'int64':
      return 'Edm.Int64'
    case 'dateTimeOffset':
      return 'Edm.DateTimeOffset'
    case 'member':
      return hasEnums ? `graph.${shape.of.name}` : 'Edm.String'
    case 'complex':
      return `graph.${shape.of.name}`
    case 'collection':
      return collectionOf(shapeType(shape.of, hasEnums))
  }
}

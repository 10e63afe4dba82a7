/** The metadata of a version as CSDL 4.0 XML, put together from the declarations and the table of operations (graph 7.10). */
import type { Version } from '../entity-set.ts'
import { namespace, namespaceAlias, unqualified } from '../namespace.ts'
import { boundElements } from './csdl/bound-operations.ts'
import {
  aliased,
  complexElement,
  containedElement,
  entityElement,
  enumElements,
  keylessElement,
} from './csdl/types.ts'
import { element } from './csdl/xml.ts'
import { emptyTypes, type Root, roots } from './places.ts'
import { reachableTypes } from './reachable-types.ts'

const texts = new Map<Version, string>()

/** The whole document; the same text every time. */
export function csdl(version: Version): string {
  const known = texts.get(version)
  if (known !== undefined) return known
  const text = written(version)
  texts.set(version, text)
  return text
}

const edmx = 'http://docs.oasis-open.org/odata/ns/edmx'
const edm = 'http://docs.oasis-open.org/odata/ns/edm'

function written(version: Version): string {
  const types = reachableTypes(version)
  const places = roots(version)
  const schema = element(
    'Schema',
    { Namespace: namespace, Alias: namespaceAlias, xmlns: edm },
    onLines([
      ...enumElements(types),
      rootOfEntities,
      ...places.filter(({ holds }) => holds.size > 0).map(holderElement),
      ...emptyTypes(version).map((name) => placeOnly(name)),
      ...types.entities
        .filter(({ isKeyless }) => !isKeyless)
        .map((shown) => entityElement(shown, version)),
      ...types.entities.filter(({ isKeyless }) => isKeyless).map(keylessElement),
      ...types.complexes.map(complexElement),
      ...boundElements(version),
      element('EntityContainer', { Name: 'GraphService' }, places.map(placeElement)),
    ]),
  )
  const document = element('edmx:Edmx', { Version: '4.0', 'xmlns:edmx': edmx }, [
    element('edmx:DataServices', {}, [schema]),
  ])
  return `<?xml version="1.0" encoding="utf-8"?>\n${document}\n`
}

/** For people who read the document: one type or operation to a line. */
function onLines(elements: readonly string[]): readonly string[] {
  return [...elements.map((one) => `\n${one}`), '\n']
}

const rootOfEntities = element('EntityType', { Name: 'entity', Abstract: true }, [
  element('Key', {}, [element('PropertyRef', { Name: 'id' })]),
  element('Property', { Name: 'id', Type: 'Edm.String', Nullable: false }),
])

/** Pomona knows no more of these entities than that they are there. */
function placeOnly(name: string, children: readonly string[] = []): string {
  return element('EntityType', { Name: unqualified(name), BaseType: 'graph.entity' }, children)
}

function holderElement({ type, holds }: Root): string {
  return placeOnly(
    type,
    [...holds].map(([name, row]) => containedElement(name, aliased(row))),
  )
}

function placeElement({ name, kind, type }: Root): string {
  return kind === 'EntitySet'
    ? element('EntitySet', { Name: name, EntityType: type })
    : element('Singleton', { Name: name, Type: type })
}

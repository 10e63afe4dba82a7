/** Actions and functions as CSDL elements (graph 7.10): each stands on a type or on a collection of it. */
import { typeName, type Version } from '../../entity-set.ts'
import type { Bound, Operation } from '../../operations.ts'
import { placeOf, rowTypeAt, withoutCasts } from '../places.ts'
import { servedOperations } from '../served.ts'
import { aliased, collectionOf } from './types.ts'
import { element } from './xml.ts'

export function boundElements(version: Version): readonly string[] {
  const elements = servedOperations(version).flatMap((operation) =>
    operation.bound ? [boundElement(operation, operation.bound)] : [],
  )
  // Actions first, as the schema is usually read; the order among each kind is that of the table.
  return [...elements].sort((a, b) => Number(a.startsWith('<F')) - Number(b.startsWith('<F')))
}

function boundElement(operation: Operation, bound: Bound): string {
  const on = aliased(bindingType(operation))
  const returns = returnType(operation, bound)
  return element(
    bound.kind === 'action' ? 'Action' : 'Function',
    { Name: operation.name, IsBound: true },
    [
      element('Parameter', {
        Name: 'bindingParameter',
        Type: bound.on === 'collection' ? collectionOf(on) : on,
      }),
      ...bound.parameters.map(({ name, type, nullable }) =>
        element('Parameter', { Name: name, Type: type, Nullable: nullable ? undefined : false }),
      ),
      ...(returns === undefined ? [] : [element('ReturnType', { Type: returns })]),
    ],
  )
}

/** The rows of the operation's own set where it stands on them, narrowed as that set is; else the rows of the place. */
function bindingType({ path, set, version }: Operation): string {
  const place = placeOf(path)
  const isOwn = set && withoutCasts(set.path).join('/') === withoutCasts(place).join('/')
  return isOwn ? typeName(set.type, set.face) : rowTypeAt(withoutCasts(place), version)
}

function returnType({ name, set }: Operation, { returns }: Bound): string | undefined {
  if (returns === 'nothing') return undefined
  if (returns === 'Edm.Int32') return returns
  if (!set) throw new Error(`The operation ${name} returns rows, but of no set.`)
  const type = aliased(typeName(set.type, set.face))
  return returns === 'collection' ? collectionOf(type) : type
}

/** What the documents of a version speak of. */
import type { EntityType, Face, Navigation } from '../../model/entity-type.ts'
import { navigationsOf } from '../answer/shown-properties.ts'
import type { EntitySet, Version } from '../entity-set.ts'
import { type Operation, operations } from '../operations.ts'

export function servedOperations(version: Version): readonly Operation[] {
  return operations.filter((operation) => operation.version === version)
}

/** Each once, in the order of the operations. A set reached through another version's path shows there too. */
export function servedSets(version: Version): readonly EntitySet[] {
  return [...new Set(servedOperations(version).flatMap(({ set }) => (set ? [set] : [])))]
}

/** By wire name: those of the type itself that can be asked for by a path or expanded. */
export function servedNavigations(
  type: EntityType,
  face: Face,
  version: Version,
): readonly (readonly [string, Navigation])[] {
  const inherited = type.base ? navigationsOf(type.base) : {}
  return Object.entries(type.navigations ?? {}).filter(
    ([name, { faces, expandsTo }]) =>
      !(name in inherited) &&
      faces.includes(face) &&
      (expandsTo !== undefined ||
        servedOperations(version).some(({ path }) => path.includes(name))),
  )
}

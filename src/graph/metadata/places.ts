/** Where rows stand below a version, read off the paths of the sets and operations that are served. */
import { type Template, typeName, type Version } from '../entity-set.ts'
import { qualified, unqualified } from '../namespace.ts'
import { servedOperations, servedSets } from './served.ts'

/** A first segment of a path. */
export interface Root {
  readonly name: string
  readonly kind: 'EntitySet' | 'Singleton'
  /** Qualified: `microsoft.graph.deviceAppManagement`. */
  readonly type: string
  /** The collections that stand below it, by name, with the qualified type of their rows; none for a set of declared rows. */
  readonly holds: ReadonlyMap<string, string>
}

/** Sets of Graph's that Pomona keeps nothing of: only their place and a function on them are served. */
const emptySets: Readonly<Record<string, string>> = {
  depOnboardingSettings: 'depOnboardingSetting',
}

/** A root followed by a key, or that is itself a list, is a set of entities; any other is one entity. */
export function roots(version: Version): readonly Root[] {
  const places = [
    ...servedSets(version).map(({ path }) => path),
    ...servedOperations(version).flatMap(({ path, bound }) => (bound ? [placeOf(path)] : [])),
  ].map((place) => place.slice(0, place[1]?.startsWith('{') ? 3 : 2))
  const names = new Set(places.flatMap(([first]) => (first === undefined ? [] : [first])))
  return [...names].map((name) => rootOf(name, places, version))
}

function rootOf(name: string, places: readonly Template[], version: Version): Root {
  const own = places.filter(([first]) => first === name)
  const isSet = own.some((place) => place.length !== 2)
  const below = own.filter((place) => place.length > 1)
  return {
    name,
    kind: isSet ? 'EntitySet' : 'Singleton',
    type: below.length === 0 ? rowTypeAt([name], version) : qualified(name),
    holds: new Map(below.map((place) => [place.at(-1) ?? '', rowTypeAt(place, version)])),
  }
}

/** The qualified type of the rows at a place without casts. */
export function rowTypeAt(place: Template, version: Version): string {
  const set = servedSets(version).find(({ path }) => path.join('/') === place.join('/'))
  if (set) return typeName(set.type, set.face)
  const name = emptySets[place.at(-1) ?? '']
  if (name === undefined)
    throw new Error(`No set stands at ${place.join('/')}; name the type of its rows here.`)
  return qualified(name)
}

/** The types of rows that Pomona keeps nothing of. */
export function emptyTypes(version: Version): readonly string[] {
  const kept = new Set(servedSets(version).map(({ type, face }) => typeName(type, face)))
  return roots(version).flatMap(({ holds }) => [...holds.values()].filter((row) => !kept.has(row)))
}

/** The set that an action or function stands on, without the key of one row. */
export function placeOf(path: Template): Template {
  const above = path.slice(0, -1)
  return above.at(-1)?.startsWith('{') ? above.slice(0, -1) : above
}

/** A set's path without the segments that narrow its type. */
export function withoutCasts(path: Template): Template {
  return path.filter((segment) => unqualified(segment) === undefined)
}

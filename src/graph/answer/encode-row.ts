/** One row as JSON text: its members in the set's face, with the annotations of the level (graph 7.2). */
import { encode, type JsonMembers, type MetadataLevel } from '../../model/payload/encode.ts'
import { type EntitySet, rowType, typeName } from '../entity-set.ts'
import type { Row } from '../handlers/handler.ts'
import { qualified } from '../namespace.ts'
import { actionsOn, isNavigable } from '../operations.ts'
import type { QueryOptions } from '../request/query-options.ts'
import { etagOf } from './etag.ts'
import { absolute, entityPath, type Place } from './links.ts'
import { navigationsOf, selectedOf } from './shown-properties.ts'

export interface RowView extends Place {
  readonly level: MetadataLevel
  readonly options: QueryOptions
}

/** `echo`: what the request carried as the content token, shown exactly once (graph D4). */
export function rowText(row: Row, echo: string | null, view: RowView): string {
  const isPlain = !view.options.select && view.options.expand.length === 0 && echo === null
  // The full level holds links, which differ by how the service was called.
  if (!isPlain || view.level === 'full') return JSON.stringify(rowMembers(row, echo, view))
  const texts = textsOf(view.set, view.level)
  const known = texts.get(row.record)
  if (known !== undefined) return known
  const text = JSON.stringify(rowMembers(row, echo, view))
  if (text.length <= longestKept) texts.set(row.record, text)
  return text
}

/** Ordinary records have a tenth of it; what is longer is written down each time instead of filling the memory. */
const longestKept = 8_192

/**
 * Records never change, and stores hand out the same one as long as its row is the same (storage/sql/token-cache.ts): a record
 * is written down once for each set and level, and forgotten together with it.
 */
const known = new WeakMap<EntitySet, Map<MetadataLevel, WeakMap<object, string>>>()

function textsOf(set: EntitySet, level: MetadataLevel): WeakMap<object, string> {
  const levels = known.get(set) ?? new Map<MetadataLevel, WeakMap<object, string>>()
  known.set(set, levels)
  const texts = levels.get(level) ?? new WeakMap<object, string>()
  levels.set(level, texts)
  return texts
}

function rowMembers(row: Row, echo: string | null, view: RowView): JsonMembers {
  const { set, level, options } = view
  const type = rowType(set, row.kind)
  const { select } = options
  const isTyped =
    level === 'full' || (level === 'minimal' && (type !== set.type || isNamed(set, row)))
  return {
    ...(isTyped ? { '@odata.type': `#${typeName(type, set.face)}` } : {}),
    ...(level === 'full' ? identity(row, view) : {}),
    ...encode(type, set.face, row.record, {
      level,
      ...(select ? { select: selectedOf(select, type, set) } : {}),
      echo: { token: echo },
    }),
    ...Object.fromEntries(options.expand.map((name) => [name, []])),
    ...(level === 'full' ? surroundings(row, view) : {}),
  }
}

/** Rows of a kind that the face has no type for show as the declared type, unnamed (graph D11). */
function isNamed(set: EntitySet, row: Row): boolean {
  return set.isTyped === true && (set.derived.size === 0 || set.derived.has(String(row.kind)))
}

function identity(row: Row, view: RowView): JsonMembers {
  if (view.set.isKeyless || view.set.isWhole) return {}
  const path = entityPath(view, String(row.record.id))
  return { '@odata.id': path, '@odata.editLink': path, '@odata.etag': etagOf(row) }
}

/** Where navigations lead, and the actions that are served, at the full level. */
function surroundings({ record, kind }: Row, view: RowView): JsonMembers {
  const { set } = view
  if (set.face === 'pomona' || set.isKeyless || set.isWhole) return {}
  const own = absolute(view, entityPath(view, String(record.id)))
  const type = rowType(set, kind)
  const cast = typeName(type, set.face)
  const withCast = own.endsWith(`/${cast}`) ? own : `${own}/${cast}`
  const navigations = Object.entries(navigationsOf(type))
    .filter(([name, { faces }]) => faces.includes(set.face) && isNavigable(set.version, cast, name))
    .flatMap(([name]) => [
      [`${name}@odata.associationLink`, `${withCast}/${name}/$ref`],
      [`${name}@odata.navigationLink`, `${withCast}/${name}`],
    ])
  const actions = actionsOn(set).map((name) => [
    `#${qualified(name)}`,
    { title: qualified(name), target: `${own}/${qualified(name)}` },
  ])
  return Object.fromEntries([...navigations, ...actions])
}

/** From a handler's result to status, headers and JSON of its set (graph 4, 7.1 to 7.3). */
import type { JsonMembers, MetadataLevel } from '../model/payload/encode.ts'
import { type RowView, rowText } from './encode-row.ts'
import { typeName } from './entity-sets.ts'
import type { Result, Row } from './handlers/handler.ts'
import { absolute, contextOf, entityPath, nextLink } from './links.ts'
import { etagOf, type Preferences } from './preferences.ts'
import { maxPageSize } from './query-options.ts'

export interface View extends RowView {
  readonly preferences: Preferences
  /** Requests that are answered together with this one, itself included. */
  readonly sharedBy: number
}

export interface SuccessResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export function successResponse(result: Result, view: View): SuccessResponse {
  switch (result.kind) {
    case 'nothing':
      return { status: 204, headers: {} }
    case 'entity':
      return entityResponse(200, result.row, null, entityContext(view), view)
    case 'acted':
      return entityResponse(
        200,
        result.row,
        null,
        `#${typeName(view.set.type, view.set.face)}`,
        view,
      )
    case 'created':
      return createdResponse(result.row, result.echo, view)
    case 'updated':
      return updatedResponse(result.row, result.echo, view)
    case 'json':
      return {
        status: 200,
        headers: { 'Content-Type': contentType(view.level) },
        body: result.text,
      }
    case 'value':
      return valueResponse(result.members, result.context, view)
    case 'count':
      // Whatever Accept says: this segment is text (graph 7.4).
      return {
        status: 200,
        headers: { 'Content-Type': 'text/plain' },
        body: String(result.count),
      }
    case 'page':
      return pageResponse(result, view)
  }
}

function createdResponse(row: Row, echo: string | null, view: View): SuccessResponse {
  const location = absolute(view, entityPath(view, String(row.record.id)))
  if (!view.preferences.isMinimalWanted) {
    const created = entityResponse(201, row, echo, entityContext(view), view)
    return { ...created, headers: { ...created.headers, Location: location } }
  }
  return {
    status: 204,
    headers: { Location: location, 'OData-EntityId': location, ...minimalHeaders(row, view) },
  }
}

function updatedResponse(row: Row, echo: string | null, view: View): SuccessResponse {
  if (view.preferences.isMinimalWanted) return { status: 204, headers: minimalHeaders(row, view) }
  return entityResponse(200, row, echo, entityContext(view), view)
}

function minimalHeaders(row: Row, view: View): Record<string, string> {
  return { ...appliedPreferences(view, 'minimal'), ...etagHeader(row) }
}

function entityResponse(
  status: number,
  row: Row,
  echo: string | null,
  context: string,
  view: View,
): SuccessResponse {
  return {
    status,
    headers: {
      'Content-Type': contentType(view.level),
      ...etagHeader(row),
      ...appliedPreferences(view, 'entity'),
    },
    body: joined(JSON.stringify(contextMember(context, view)), rowText(row, echo, view)),
  }
}

function valueResponse(
  members: JsonMembers,
  context: string | undefined,
  view: View,
): SuccessResponse {
  return {
    status: 200,
    headers: { 'Content-Type': contentType(view.level) },
    body: JSON.stringify({
      ...(context === undefined ? {} : contextMember(context, view)),
      ...members,
    }),
  }
}

/** A page of very large records ends early instead of filling the memory; its nextLink leads on. */
const mostPageCharacters = 4_194_304

function pageResponse(result: Extract<Result, { kind: 'page' }>, view: View): SuccessResponse {
  const rows: string[] = []
  let size = 0
  for (const row of result.rows) {
    const text = rowText(row, null, view)
    size += text.length
    if (rows.length > 0 && size > mostPageCharacters / view.sharedBy) break
    rows.push(text)
  }
  const isWhole = rows.length === result.rows.length
  const next = isWhole ? result.next : result.positionAfter(rows.length - 1)
  const head = JSON.stringify({
    ...contextMember(contextOf(view, view.options.select), view),
    ...(result.count === undefined ? {} : { '@odata.count': result.count }),
    ...(next === undefined ? {} : { '@odata.nextLink': nextLink(view, view.options, next) }),
  })
  return {
    status: 200,
    headers: { 'Content-Type': contentType(view.level), ...appliedPreferences(view, 'page') },
    body: joined(head, `{"value":[${rows.join(',')}]}`),
  }
}

/** Two JSON objects as one. */
function joined(first: string, second: string): string {
  if (first === '{}') return second
  return second === '{}' ? first : `${first.slice(0, -1)},${second.slice(1)}`
}

function contextMember(context: string, { set, origin, level }: View): JsonMembers {
  // Pomona's own face has no metadata document to point at.
  if (level === 'none' || set.face === 'pomona') return {}
  return { '@odata.context': `${origin}/${set.version}/$metadata${context}` }
}

function entityContext(view: View): string {
  return `${contextOf(view, view.options.select)}/$entity`
}

function etagHeader({ version }: Row): Record<string, string> {
  return version === undefined ? {} : { ETag: etagOf(version) }
}

export function contentType(level: MetadataLevel): string {
  return `application/json;odata.metadata=${level};odata.streaming=true;IEEE754Compatible=false;charset=utf-8`
}

/** Each preference that was followed is named, as it was followed (graph 7.1). */
function appliedPreferences(
  { preferences, options }: View,
  answer: 'entity' | 'page' | 'minimal',
): Record<string, string> {
  const { maxPageSize: wanted, acknowledgesUnknownMembers } = preferences
  const isPaged = answer === 'page' && wanted !== undefined && options.top === undefined
  const applied = [
    ...(answer === 'minimal' ? ['return=minimal'] : []),
    ...(isPaged ? [`odata.maxpagesize=${Math.min(wanted, maxPageSize)}`] : []),
    ...(acknowledgesUnknownMembers ? ['include-unknown-enum-members'] : []),
  ]
  return applied.length === 0 ? {} : { 'Preference-Applied': applied.join(', ') }
}

/** The answer that shows one entity: read, acted on, created or updated (graph 4, D5, D13). */

import { typeName } from '../entity-set.ts'
import type { Result, Row } from '../handlers/handler.ts'
import type { Preferences } from '../request/preferences.ts'
import { type RowView, rowText } from './encode-row.ts'
import { etagOf } from './etag.ts'
import {
  appliedPreferences,
  contentType,
  contextMember,
  joined,
  type SuccessResponse,
} from './json-answer.ts'
import { absolute, contextOf, entityPath } from './links.ts'

interface EntityView extends RowView {
  readonly preferences: Preferences
}

type EntityResult = Extract<Result, { readonly row: Row }>

export function entityResponse(result: EntityResult, view: EntityView): SuccessResponse {
  const { row } = result
  switch (result.kind) {
    case 'entity':
      return shown(200, row, null, ownContext(view), view)
    case 'acted':
      return shown(200, row, null, `#${typeName(view.set.type, view.set.face)}`, view)
    case 'created':
      return createdResponse(row, result.echo, view)
    case 'updated':
      return view.preferences.isMinimalWanted
        ? minimal(row, view)
        : shown(200, row, result.echo, ownContext(view), view)
  }
}

function createdResponse(row: Row, echo: string | null, view: EntityView): SuccessResponse {
  const location = absolute(view, entityPath(view, String(row.record.id)))
  const isMinimal = view.preferences.isMinimalWanted
  const created = isMinimal ? minimal(row, view) : shown(201, row, echo, ownContext(view), view)
  const places = { Location: location, ...(isMinimal ? { 'OData-EntityId': location } : {}) }
  return { ...created, headers: { ...created.headers, ...places } }
}

function minimal(row: Row, view: EntityView): SuccessResponse {
  return { status: 204, headers: { ...appliedPreferences(view, 'minimal'), ETag: etagOf(row) } }
}

function shown(
  status: number,
  row: Row,
  echo: string | null,
  context: string,
  view: EntityView,
): SuccessResponse {
  const head = contextMember(context, { ...view, version: view.set.version })
  return {
    status,
    headers: {
      'Content-Type': contentType(view.level),
      ETag: etagOf(row),
      ...appliedPreferences(view, 'entity'),
    },
    body: joined(JSON.stringify(head), rowText(row, echo, view)),
  }
}

/** Of an entity in its set. */
function ownContext(view: EntityView): string {
  return `${contextOf(view, view.options.select)}/$entity`
}

/** From a handler's result to status, headers and JSON of a root's face (graph 4, 7.1 to 7.3). */

import type { TokenCheck } from '../domain/tokens/check-token.ts'
import { formatDateTimeOffset, utc } from '../model/date-time-offset.ts'
import { encode, type JsonMembers, type MetadataLevel } from '../model/payload/encode.ts'
import type { StoredToken } from '../model/stored-token.ts'
import { vppToken } from '../model/vpp-token.ts'
import type { Result } from './handlers.ts'
import { pageToken } from './page-token.ts'
import { etagOf, type Preferences } from './preferences.ts'
import { maxPageSize, type QueryOptions } from './query-options.ts'
import type { Root } from './roots.ts'

export interface View {
  readonly root: Root
  readonly origin: string
  readonly orgId: string
  readonly level: MetadataLevel
  readonly preferences: Preferences
  readonly options: QueryOptions
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
    case 'token':
      return entityResponse(200, result.token, null, `${contextSet(view)}/$entity`, view)
    case 'acted': {
      const context = `#microsoft.graph.${vppToken.names[view.root.face]}`
      return entityResponse(200, result.token, null, context, view)
    }
    case 'created':
      return createdResponse(result.token, result.echo, view)
    case 'updated':
      return updatedResponse(result.token, result.echo, view)
    case 'checked':
      return {
        status: 200,
        headers: { 'Content-Type': contentType(view.level) },
        body: JSON.stringify(encodeCheck(result.check)),
      }
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

function createdResponse(token: StoredToken, echo: string | null, view: View): SuccessResponse {
  const location = entityUrl(token, view)
  if (!view.preferences.isMinimalWanted) {
    const created = entityResponse(201, token, echo, `${contextSet(view)}/$entity`, view)
    return { ...created, headers: { ...created.headers, Location: location } }
  }
  return {
    status: 204,
    headers: { Location: location, 'OData-EntityId': location, ...minimalHeaders(token, view) },
  }
}

function updatedResponse(token: StoredToken, echo: string | null, view: View): SuccessResponse {
  if (view.preferences.isMinimalWanted) return { status: 204, headers: minimalHeaders(token, view) }
  return entityResponse(200, token, echo, `${contextSet(view)}/$entity`, view)
}

/** The answer of `checkToken`: dates as everywhere, an absent fact as null. */
function encodeCheck({ isAcceptable, expiration, ...check }: TokenCheck): JsonMembers {
  const expirationDateTime = expiration === null ? null : formatDateTimeOffset(utc(expiration))
  return { ok: isAcceptable, ...check, expirationDateTime }
}

function minimalHeaders(token: StoredToken, view: View): Record<string, string> {
  return { ...appliedPreferences(view, 'minimal'), ETag: etagOf(token.version) }
}

function entityResponse(
  status: number,
  token: StoredToken,
  echo: string | null,
  context: string,
  view: View,
): SuccessResponse {
  const members = { ...contextMember(context, view), ...entityMembers(token, echo, view) }
  return {
    status,
    headers: {
      'Content-Type': contentType(view.level),
      ETag: etagOf(token.version),
      ...appliedPreferences(view, 'entity'),
    },
    body: JSON.stringify(members),
  }
}

/** A page of very large records ends early instead of filling the memory; its nextLink leads on. */
const mostPageCharacters = 4_194_304

function pageResponse(result: Extract<Result, { kind: 'page' }>, view: View): SuccessResponse {
  const rows: string[] = []
  let size = 0
  for (const token of result.tokens) {
    const row = JSON.stringify(entityMembers(token, null, view))
    size += row.length
    if (rows.length > 0 && size > mostPageCharacters) break
    rows.push(row)
  }
  const lastShown = result.tokens[rows.length - 1]
  const next = rows.length < result.tokens.length ? lastShown?.record.id : result.next
  const head = JSON.stringify({
    ...contextMember(contextSet(view), view),
    ...(result.count === undefined ? {} : { '@odata.count': result.count }),
    ...(next === undefined ? {} : { '@odata.nextLink': nextLink(next, view) }),
  })
  const body = `${head.slice(0, -1)}${head === '{}' ? '' : ','}"value":[${rows.join(',')}]}`
  return {
    status: 200,
    headers: { 'Content-Type': contentType(view.level), ...appliedPreferences(view, 'page') },
    body,
  }
}

function entityMembers(token: StoredToken, echo: string | null, view: View): JsonMembers {
  const { face } = view.root
  const { select } = view.options
  const typeName = `#microsoft.graph.${vppToken.names[face]}`
  // The old face names its type already at the minimal level (graph G1).
  const isTyped = view.level === 'full' || (view.level === 'minimal' && face === 'old')
  const isFull = view.level === 'full'
  const relative = `${setPath(view)}('${token.record.id}')`
  return {
    ...(isTyped ? { '@odata.type': typeName } : {}),
    ...(isFull
      ? {
          '@odata.id': relative,
          '@odata.editLink': relative,
          '@odata.etag': etagOf(token.version),
        }
      : {}),
    ...encode(vppToken, face, token.record, {
      level: view.level,
      ...(select ? { select } : {}),
      echo: { token: echo },
    }),
    ...(isFull && face !== 'pomona' ? actionMembers(relative, view) : {}),
  }
}

/** The actions that are served on a token, advertised at the full level (graph 7.2). */
function actionMembers(relative: string, { root, origin }: View): JsonMembers {
  const names = root.face === 'old' ? ['syncApps', 'syncLicenses'] : ['syncLicenses']
  return Object.fromEntries(
    names.map((name) => [
      `#microsoft.graph.${name}`,
      {
        title: `microsoft.graph.${name}`,
        target: `${origin}/${root.version}/${relative}/microsoft.graph.${name}`,
      },
    ]),
  )
}

function contextMember(context: string, { root, origin, level }: View): JsonMembers {
  // Pomona's own face has no metadata document to point at.
  if (level === 'none' || root.face === 'pomona') return {}
  return { '@odata.context': `${origin}/${root.version}/$metadata${context}` }
}

/** `#deviceAppManagement/vppTokens`, with the selected names in parentheses when there are any. */
function contextSet(view: View): string {
  const { select } = view.options
  return `#${setPath(view)}${select ? `(${[...select].join(',')})` : ''}`
}

/** The set as links write it: `organization('{orgId}')/appleVolumePurchaseProgramTokens`. */
function setPath({ root, orgId }: View): string {
  return root.set.join('/').replace('/{orgId}', `('${orgId}')`)
}

function entityUrl(token: StoredToken, view: View): string {
  return `${view.origin}/${view.root.version}/${setPath(view)}('${token.record.id}')`
}

/** Absolute, with every option of the request, because clients follow it as it is (graph 7.3). */
function nextLink(next: string, view: View): string {
  const { origin, root, orgId, options } = view
  const path = root.set.join('/').replace('{orgId}', orgId)
  const query = new URLSearchParams([
    ...options.repeated.map(([name, value]): [string, string] => [name, value]),
    ['$skiptoken', pageToken(next)],
  ])
  return `${origin}/${root.version}/${path}?${query.toString().replaceAll('%24', '$')}`
}

function contentType(level: MetadataLevel): string {
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

/** From a handler's result to status, headers and body (graph 4, 7.1 to 7.3). */
import type { MetadataLevel } from '../../model/payload/encode.ts'
import { type Result, requireSet } from '../handlers/handler.ts'
import type { ServedOperation } from '../operations.ts'
import type { Preferences } from '../request/preferences.ts'
import type { QueryOptions } from '../request/query-options.ts'
import { entityResponse } from './entity-response.ts'
import { contentType, contextMember, type SuccessResponse } from './json-answer.ts'
import type { Place } from './links.ts'
import { pageResponse } from './page-response.ts'

/** What the answer depends on beside the result. */
export interface Asked extends Omit<Place, 'set'> {
  readonly operation: ServedOperation
  readonly level: MetadataLevel
  readonly options: QueryOptions
  readonly preferences: Preferences
  /** Requests that are answered together with this one, itself included. */
  readonly sharedBy: number
}

export async function successResponse(result: Result, asked: Asked): Promise<SuccessResponse> {
  const { operation, level } = asked
  switch (result.kind) {
    case 'nothing':
      return { status: 204, headers: {} }
    case 'json':
      return inJson(result.text, level)
    case 'value': {
      const { context, members } = result
      const head =
        context === undefined
          ? {}
          : contextMember(context, { ...asked, version: operation.version })
      return inJson(JSON.stringify({ ...head, ...members }), level)
    }
    case 'count':
      // Whatever Accept says: this segment is text (graph 7.4).
      return { status: 200, headers: { 'Content-Type': 'text/plain' }, body: String(result.count) }
    case 'page':
      return pageResponse(result, { ...asked, set: requireSet(operation) })
    default:
      return entityResponse(result, { ...asked, set: requireSet(operation) })
  }
}

function inJson(body: string, level: MetadataLevel): SuccessResponse {
  return { status: 200, headers: { 'Content-Type': contentType(level) }, body }
}

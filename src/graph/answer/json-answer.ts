/** What all answers in JSON have in common: content type, context, and the preferences that were followed (graph 7.1, 7.2). */
import type { JsonMembers, MetadataLevel } from '../../model/payload/encode.ts'
import type { Version } from '../entity-set.ts'
import type { Preferences } from '../request/preferences.ts'
import { maxPageSize, type QueryOptions } from '../request/query-options.ts'

export interface SuccessResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export function contentType(level: MetadataLevel): string {
  return `application/json;odata.metadata=${level};odata.streaming=true;IEEE754Compatible=false;charset=utf-8`
}

/** `context`: a fragment of the version's metadata document. */
export function contextMember(
  context: string,
  { version, origin, level }: { version: Version; origin: string; level: MetadataLevel },
): JsonMembers {
  // Pomona's own version has no metadata document to point at.
  if (level === 'none' || version === 'pomona/v1') return {}
  return { '@odata.context': `${origin}/${version}/$metadata${context}` }
}

/** Two JSON objects as one. */
export function joined(first: string, second: string): string {
  if (first === '{}') return second
  return second === '{}' ? first : `${first.slice(0, -1)},${second.slice(1)}`
}

/** Each preference that was followed is named, as it was followed. */
export function appliedPreferences(
  { preferences, options }: { preferences: Preferences; options: QueryOptions },
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

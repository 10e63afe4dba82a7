/** Which version of an entity an answer shows, and which ones a caller names (graph D13, G15). */
import { hash } from 'node:crypto'
import type { ExpectedVersion } from '../../domain/tokens/precondition.ts'
import { Failure } from '../../model/failure.ts'
import type { Row } from '../handlers/handler.ts'

/** Weak: one version of the record has several representations. */
export function etagOf(row: Row): string {
  return `W/"${tagOf(row)}"`
}

/** What has no version of its own is known by what it says. */
function tagOf({ version, record }: Row): string {
  if (version !== undefined) return String(version)
  return hash('sha256', JSON.stringify(record), 'base64url').slice(0, 22)
}

/** `If-None-Match` on a GET: the caller has this version already. */
export function isKnown(row: Row, ifNoneMatch: string | undefined): boolean {
  const known = readTags(ifNoneMatch)
  return known === 'any' || (known?.has(tagOf(row)) ?? false)
}

/** The versions that an `If-Match` names; tags that are none of ours match nothing. Absent = no header. */
export function readVersions(ifMatch: string | undefined): ExpectedVersion | undefined {
  const tags = readTags(ifMatch)
  if (tags === undefined || tags === 'any') return tags
  return new Set([...tags].map((tag) => (/^\d{1,15}$/.test(tag) ? Number(tag) : Number.NaN)))
}

/** Without quotes and `W/`. Failure `badRequest` for a header that holds none. */
function readTags(header: string | undefined): ReadonlySet<string> | 'any' | undefined {
  if (header === undefined) return undefined
  if (header.trim() === '*') return 'any'
  const tags = [...header.matchAll(/(?:W\/)?"([^"]*)"/g)].map(([, tag = '']) => tag)
  if (tags.length === 0)
    throw new Failure(
      'badRequest',
      'The ETag in If-Match or If-None-Match cannot be read. Send it as it was given, with its quotes, or *.',
    )
  return new Set(tags)
}

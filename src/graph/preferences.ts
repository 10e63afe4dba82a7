/** Headers by which a caller asks for a shape of the answer (graph 7.2, 7.7, D5, D12, D13). */
import type { ExpectedVersion } from '../domain/tokens/precondition.ts'
import { Failure } from '../model/failure.ts'
import type { MetadataLevel } from '../model/payload/encode.ts'

export interface Preferences {
  readonly isMinimalWanted: boolean
  /** Rows per page; absent = the default. */
  readonly maxPageSize?: number
  readonly acknowledgesUnknownMembers: boolean
}

/** Reads `Prefer`; what is unknown or malformed is no preference of ours and is ignored (RFC 7240). */
export function readPreferences(header: string | undefined): Preferences {
  const wishes = (header ?? '').split(/[,;]/).map((wish) => wish.trim().toLowerCase())
  const size = wishes
    .map((wish) => /^(?:odata\.)?maxpagesize\s*=\s*"?(\d{1,9})"?$/.exec(wish)?.[1])
    .find((found) => found !== undefined && Number(found) > 0)
  return {
    isMinimalWanted: wishes.some((wish) => /^return\s*=\s*"?minimal"?$/.test(wish)),
    ...(size === undefined ? {} : { maxPageSize: Number(size) }),
    acknowledgesUnknownMembers: wishes.includes('include-unknown-enum-members'),
  }
}

/** The level asked for in `Accept`; `minimal` when none is, or none that exists. */
export function readMetadataLevel(accept: string | undefined): MetadataLevel {
  const level = /odata\.metadata\s*=\s*"?(none|minimal|full)"?/i.exec(accept ?? '')?.[1]
  return (level?.toLowerCase() as MetadataLevel | undefined) ?? 'minimal'
}

/** Weak: one version of the record has several representations (graph G15). */
export function etagOf(version: number): string {
  return `W/"${version}"`
}

/** The versions an `If-Match` or `If-None-Match` names; tags that are none of ours match nothing. Absent = no header. */
export function readVersions(header: string | undefined): ExpectedVersion | undefined {
  if (header === undefined) return undefined
  if (header.trim() === '*') return 'any'
  const tags = [...header.matchAll(/(?:W\/)?"([^"]*)"/g)].map(([, tag = '']) => tag)
  if (tags.length === 0)
    throw new Failure(
      'badRequest',
      'The ETag in If-Match or If-None-Match cannot be read. Send it as it was given, with its quotes, or *.',
    )
  return new Set(tags.map((tag) => (/^\d{1,15}$/.test(tag) ? Number(tag) : Number.NaN)))
}

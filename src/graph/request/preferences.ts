/** Headers by which a caller asks for a shape of the answer (graph 7.2, 7.7, D5, D12). */
import type { MetadataLevel } from '../../model/payload/encode.ts'

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

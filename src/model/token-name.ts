import type { VppToken } from './vpp-token.ts'

/** How people know a token: by its own name, else by its location's, its organization's, its id. */
export function tokenName(
  record: Pick<VppToken, 'id' | 'displayName' | 'locationName' | 'organizationName'>,
): string {
  return record.displayName || record.locationName || record.organizationName || record.id
}

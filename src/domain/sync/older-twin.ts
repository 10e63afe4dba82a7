/** Which record of a tenant serves a location first: created earlier, then the smaller id (graph 9, row 11; D15). Pure. */
import type { StoredToken } from '../../model/stored-token.ts'

/** The oldest of those that are older than the token; undefined when it is the oldest itself. */
export function olderTwin(
  token: StoredToken,
  sameLocation: readonly StoredToken[],
): StoredToken | undefined {
  return sameLocation.filter((other) => isOlder(other, token)).sort(byAge)[0]
}

export function isOlder(left: StoredToken, right: StoredToken): boolean {
  return byAge(left, right) < 0
}

/** How people know a token. */
export function nameOf({ record }: StoredToken): string {
  return record.displayName ?? record.organizationName ?? record.locationName ?? record.id
}

function byAge(left: StoredToken, right: StoredToken): number {
  if (left.createdAt !== right.createdAt) return left.createdAt < right.createdAt ? -1 : 1
  if (left.record.id === right.record.id) return 0
  return left.record.id < right.record.id ? -1 : 1
}

/** Which record of a tenant serves a location first: created earlier, then the smaller id (graph 9, row 11; D15). Pure. */
import type { StoredToken } from '../../model/stored-token.ts'

/** The oldest of those that are older than the token; undefined when it is the oldest itself. Takes them oldest first. */
export function olderTwin(
  token: StoredToken,
  sameLocation: readonly StoredToken[],
): StoredToken | undefined {
  return sameLocation.find((other) => isOlder(other, token))
}

export function isOlder(left: StoredToken, right: StoredToken): boolean {
  if (left.createdAt !== right.createdAt) return left.createdAt < right.createdAt
  return left.record.id < right.record.id
}

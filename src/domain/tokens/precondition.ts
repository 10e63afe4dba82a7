/** Optimistic concurrency (graph D13): a write may name the versions of the record it was made for. */
import { Failure } from '../../model/failure.ts'
import type { StoredToken } from '../../model/stored-token.ts'

/** `any` = whatever is stored, as long as it exists. */
export type ExpectedVersion = 'any' | ReadonlySet<number>

/** Failure `preconditionFailed` when the stored version is none of those expected; absent = nothing is expected. */
export function requireVersion(stored: StoredToken, expected: ExpectedVersion | undefined): void {
  if (expected === undefined || expected === 'any' || expected.has(stored.version)) return
  throw new Failure(
    'preconditionFailed',
    'The token has changed since it was read: its ETag is another than the one in If-Match. Read it again and repeat the change.',
  )
}

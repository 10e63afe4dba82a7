/** The opaque `$skiptoken`: where the next page begins, as text that fits in a URL. */
import { Failure } from '../../model/failure.ts'

export function pageToken(after: string): string {
  return Buffer.from(JSON.stringify({ after })).toString('base64url')
}

/** Failure `badRequest` for a token that this service never made. */
export function readPageToken(text: string): string {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    if (typeof value === 'object' && value !== null && 'after' in value) {
      if (
        typeof value.after === 'string' &&
        value.after.isWellFormed() &&
        !value.after.includes('\u0000')
      )
        return value.after
    }
  } catch {
    // Not ours; said below.
  }
  throw foreign()
}

function foreign(): Failure {
  return new Failure(
    'badRequest',
    'The $skiptoken was not made by this service. Follow @odata.nextLink exactly as it was given.',
    { property: '$skiptoken' },
  )
}

/** The body of `checkToken`: a content token, and the id of the record it is to renew (graph H12). */
import { Failure } from '../../model/failure.ts'
import { isGuid } from '../../model/ids.ts'
import type { HttpRequest } from '../../ports/route.ts'
import { readEntityBody } from './request-body.ts'

export async function readTokenToCheck(
  request: HttpRequest,
): Promise<{ readonly token: string; readonly renews?: string }> {
  const body = await readEntityBody(request)
  const { token, renews } = Object(body) as { readonly token?: unknown; readonly renews?: unknown }
  if (typeof token !== 'string')
    throw new Failure(
      'badRequest',
      "The body must hold the text of a content token in 'token', and may name the record it renews in 'renews'.",
      { property: 'token' },
    )
  if (renews === undefined || renews === null) return { token }
  if (typeof renews === 'string' && isGuid(renews)) return { token, renews: renews.toLowerCase() }
  throw new Failure('badRequest', "The value of 'renews' must be the id of a token.", {
    property: 'renews',
  })
}

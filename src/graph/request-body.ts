/** The body of a write, read only after the scope was checked (graph G11, D19, 4.1). */
import { Failure } from '../model/failure.ts'
import { isGuid } from '../model/ids.ts'
import { parseJsonText } from '../model/payload/json-text.ts'
import type { HttpRequest } from '../ports/route.ts'

/** Largest body of a POST or PATCH in bytes (graph D19). */
const maxBodyBytes = 256 * 1_024

/** The JSON value of an entity's body. Failure `notJsonContent`, `payloadTooLarge` or `unreadablePayload`. */
export async function readEntityBody(request: HttpRequest, limit = maxBodyBytes): Promise<unknown> {
  const mediaType = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
  if (mediaType !== 'application/json')
    throw new Failure(
      'notJsonContent',
      'Entity only allows writes with a JSON Content-Type header.',
    )
  return parseJsonText(await request.readBody(limit))
}

/** The body of `checkToken`: a content token, and the id of the record it is to renew. */
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

/** An action without parameters takes no body, `null` or `{}`, whatever the content type says (graph 4.1). */
export async function readEmptyActionBody(request: HttpRequest, action: string): Promise<void> {
  const bytes = await request.readBody(maxBodyBytes)
  if (bytes.every((byte) => byte <= 0x20)) return
  const value = parseJsonText(bytes)
  if (value === null) return
  const isObject = typeof value === 'object' && !Array.isArray(value)
  const parameters = isObject
    ? Object.keys(value).filter((name) => !name.includes('@odata.'))
    : ['(not an object)']
  if (parameters.length === 0) return
  throw new Failure(
    'badRequest',
    `The action ${action} takes no parameters, but the body holds '${parameters[0]?.slice(0, 128)}'. Send no body.`,
  )
}

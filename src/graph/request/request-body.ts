/** The body of a write, read only after the scope was checked (graph G11, D19, 4.1). */
import { Failure } from '../../model/failure.ts'
import { parseJsonText } from '../../model/payload/json-text.ts'
import type { HttpRequest } from '../../ports/route.ts'

/** Largest body of a POST or PATCH in bytes (graph D19). */
export const maxBodyBytes = 256 * 1_024

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

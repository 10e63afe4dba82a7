/** The documents that are the same for everybody and need no access token (graph 7.10, G18). */
import { contentType, type SuccessResponse } from '../answer/json-answer.ts'
import type { PublishedDocument } from '../operations.ts'
import { csdl } from './csdl.ts'
import { serviceDocument } from './service-document.ts'

/** `origin`: as the caller reached the service, for the links inside. */
export function published(
  { publishes, version }: PublishedDocument,
  origin: string,
): SuccessResponse {
  if (publishes === 'metadata')
    return { status: 200, headers: { 'Content-Type': 'application/xml' }, body: csdl(version) }
  return {
    status: 200,
    headers: { 'Content-Type': contentType('minimal') },
    body: JSON.stringify(serviceDocument(version, origin)),
  }
}

/** The documents that are the same for everybody and need no access token (graph 7.10, G18). */
import type { Operation } from '../operations.ts'
import { contentType, type SuccessResponse } from '../success-response.ts'
import { csdl } from './csdl.ts'
import { serviceDocument } from './service-document.ts'

/** `origin`: as the caller reached the service, for the links inside. */
export function published({ publishes, version }: Operation, origin: string): SuccessResponse {
  if (publishes === 'metadata')
    return { status: 200, headers: { 'Content-Type': 'application/xml' }, body: csdl(version) }
  return {
    status: 200,
    headers: { 'Content-Type': contentType('minimal') },
    body: JSON.stringify(serviceDocument(version, origin)),
  }
}

/** An operation as a command for a shell: what stands in braces in the address is taken from a variable. */
import type { Operation } from '../../operations.ts'
import { bodyOf } from '../openapi/bodies.ts'
import { addressOf } from '../spelling.ts'

export function curlOf(operation: Operation, origin: string): string {
  const { verb, version, path, publishes } = operation
  const body = bodyOf(operation)
  const address = shellText(`${origin}/${version}${addressOf(path)}`).replace(
    /\{(\w+)\}/g,
    (_, name: string) => `$${variableOf(name)}`,
  )
  return [
    `curl${verb === 'GET' ? '' : ` -X ${verb}`} "${address}"`,
    ...(publishes ? [] : ['-H "Authorization: Bearer $ACCESS_TOKEN"']),
    ...(body
      ? ["-H 'Content-Type: application/json'", `-d '${JSON.stringify(body.example)}'`]
      : []),
  ].join(' \\\n  ')
}

/** A `$` of ours would name a variable. */
function shellText(text: string): string {
  return text.replaceAll('$', '\\$')
}

/** `orgId` as `ORG_ID`. */
function variableOf(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase()
}

/** How a client of the embedded issuer gets an access token. */
export function signInCurl(origin: string): string {
  return [
    `curl "${origin}/$TENANT_ID/oauth2/v2.0/token"`,
    '-d grant_type=client_credentials',
    '-d client_id="$CLIENT_ID" -d client_secret="$CLIENT_SECRET"',
    '-d scope=https://graph.microsoft.com/.default',
  ].join(' \\\n  ')
}

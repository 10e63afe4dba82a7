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

/**
 * What the other commands need in the shell before them: whom to trust, an access token, and a first id. Without comments: zsh
 * would take them for commands.
 */
export function setUpLines(origin: string, caFile: string | undefined): string {
  return [
    "TENANT_ID='<tenant>'",
    "CLIENT_ID='<client>'",
    "CLIENT_SECRET='<secret>'",
    ...(caFile === undefined ? [] : [`export CURL_CA_BUNDLE=${shellWord(caFile)}`]),
    `ACCESS_TOKEN=$(curl -fsS "${origin}/$TENANT_ID/oauth2/v2.0/token" \\`,
    '  -d grant_type=client_credentials -d scope=https://graph.microsoft.com/.default \\',
    '  -d client_id="$CLIENT_ID" --data-urlencode client_secret="$CLIENT_SECRET" |',
    `  ${printMember('access_token')})`,
    'ORG_ID=$TENANT_ID',
    `ID=$(curl -fsS "${origin}/v1.0/deviceAppManagement/vppTokens?\\$select=id&\\$top=1" \\`,
    `  -H "Authorization: Bearer $ACCESS_TOKEN" | ${printMember('id')})`,
  ].join('\n')
}

/** Out of JSON in one line. */
function printMember(member: string): string {
  return `sed -n 's/.*"${member}":"\\([^"]*\\)".*/\\1/p'`
}

function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

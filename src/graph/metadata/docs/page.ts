/** The page for people: every operation by version and area, readable without any other file and without a script. */

import { isLoopback } from '../../answer/loopback.ts'
import { type Version, versions } from '../../entity-set.ts'
import { scopeSets } from '../../gate/scopes.ts'
import { handlers } from '../../handlers/handlers.ts'
import type { Operation } from '../../operations.ts'
import { queryOptionsOf } from '../openapi/parameters.ts'
import { servedOperations } from '../served.ts'
import { addressOf, areaOf, operationId } from '../spelling.ts'
import { summaries } from '../summaries.ts'
import { curlOf, setUpLines } from './curl.ts'
import { type Html, html } from './html.ts'
import { style } from './style.ts'

/** Names of the files with the descriptions for programs. */
export const openapiFiles: Readonly<Record<Version, string>> = {
  'v1.0': 'openapi-v1.0.json',
  beta: 'openapi-beta.json',
  'pomona/v1': 'openapi-pomona-v1.json',
}

/** `caFile`: where the service's own authority stands on its machine; absent = clients trust its certificate anyway. */
export function docsPage(origin: string, caFile?: string): string {
  const authority = caFile === undefined ? undefined : authorityFor(origin, caFile)
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Pomona API</title>
<style>${{ html: style }}</style>
</head>
<body>
<a class="skip" href="#operations">Skip to the operations</a>
<header>
<h1>Pomona API</h1>
<p>Apple VPP tokens, apps, books and licences, behind the URLs and JSON of Microsoft Graph. This server: <code>${origin}</code></p>
</header>
<nav aria-label="Contents">
<ul>
<li><a href="#access-token">Access token</a></li>
${versions.map((version) => html`<li><a href="#${version}">/${version}</a></li>\n`)}</ul>
</nav>
<nav aria-label="Documents for programs">
<ul>
${versions.map((version) => html`<li><a href="/docs/${openapiFiles[version]}">OpenAPI 3.1, ${version}</a></li>\n`)}${metadataVersions().map((version) => html`<li><a href="/${version}/$metadata">$metadata, ${version}</a></li>\n`)}</ul>
</nav>
<main id="operations">
<h2 id="access-token">Access token</h2>
<p>Every request but those for documents carries <code>Authorization: Bearer …</code>. These lines prepare a shell for every command on this page: with the client that <code>pomona client add</code> has shown in the first three, they get an access token of the embedded issuer and the id of a first token.</p>
<pre tabindex="0">${setUpLines(origin, authority?.caFile)}</pre>
${authority ? authorityNote(authority) : ''}<p class="quiet">Any other name in capitals, such as <code>$APP_ID</code>, is set in the same way: lists show the ids. Any one of the permissions listed is enough. Access tokens of other issuers that the service trusts go where <code>$ACCESS_TOKEN</code> stands.</p>
${versions.map((version) => versionSection(version, origin))}</main>
</body>
</html>
`
  return page.html
}

interface Authority {
  readonly caFile: string
  readonly isHere: boolean
}

/** On the server's own machine the file is there; elsewhere a copy must be brought, and the path is nobody's business. */
function authorityFor(origin: string, caFile: string): Authority {
  const isHere = isLoopback(origin)
  return { caFile: isHere ? caFile : 'ca.pem', isHere }
}

function authorityNote({ isHere }: Authority): Html {
  const where = isHere ? '' : ': bring a copy of ca.pem from its --data-dir'
  return html`<p class="quiet"><code>CURL_CA_BUNDLE</code> names the authority that this server’s certificate comes from${where}.</p>\n`
}

function metadataVersions(): readonly Version[] {
  return versions.filter((version) =>
    servedOperations(version).some(({ publishes }) => publishes === 'metadata'),
  )
}

function versionSection(version: Version, origin: string): Html {
  const areas = [...Map.groupBy(servedOperations(version), areaOf)]
  const idOf = (area: string) => `${version}/${area}`
  return html`<section aria-labelledby="${version}">
<h2 id="${version}">/${version}</h2>
<nav aria-label="Areas of ${version}"><ul>
${areas.map(([area]) => html`<li><a href="#${idOf(area)}">${area}</a></li>\n`)}</ul></nav>
${areas.map(
  ([area, operations]) => html`<h3 id="${idOf(area)}">${area}</h3>
${operations.map((operation) => operationDetails(operation, origin))}`,
)}</section>
`
}

function operationDetails(operation: Operation, origin: string): Html {
  const { verb, name, path, version, use } = operation
  const options = queryOptionsOf(operation, use && handlers[use])
  return html`<details id="${operationId(operation)}">
<summary><span class="verb ${verb}">${verb}</span><code>${breakable(`/${version}${addressOf(path)}`)}</code><span class="quiet">${summaries[name] ?? name}</span></summary>
<div class="inside">
<dl>
<dt>Operation</dt><dd><code>${operationId(operation)}</code></dd>
<dt>Permission</dt>${permissions(operation)}
${options.length === 0 ? '' : html`<dt>Query options</dt><dd>${options.map((option) => html`<code>$${option}</code> `)}</dd>\n`}</dl>
<pre tabindex="0">${curlOf(operation, origin)}</pre>
</div>
</details>
`
}

/** A long address goes on in the next line after a slash. */
function breakable(address: string): readonly Html[] {
  return address.split(/(?<=\/)/).map((part) => html`${part}<wbr>`)
}

function permissions({ publishes, scopes }: Operation): Html {
  if (publishes) return html`<dd>none: open to everybody</dd>`
  const accepted: readonly string[] = scopeSets[scopes]
  if (accepted.length === 0) return html`<dd>any access token of the tenant</dd>`
  return html`${accepted.map((scope) => html`<dd><code>${scope}</code></dd>`)}`
}

/** The requests that ask for the most work within every limit, and those just beyond one. */
import { maxCalls, maxLongCalls } from '../../src/graph/odata/limits.ts'
import { request } from './fuzz-pieces.ts'
import type { FuzzTarget } from './fuzz-service.ts'
import { appId } from './large-location.ts'

const tokens = '/beta/deviceAppManagement/vppTokens'
const json = ['Content-Type: application/json']
const full = { Accept: 'application/json;odata.metadata=full' }
const most = 256 * 1_024
const repeated = (count: number, piece: (index: number) => string, between: string) =>
  Array.from({ length: count }, (_, index) => piece(index)).join(between)

/** Nearly as large as one may be; its name is of the kind in which parts are looked for the longest. */
export function largeToken(target: FuzzTarget): Buffer {
  const body = {
    displayName: 'd'.repeat(2_048),
    appleId: 'a'.repeat(4_096),
    organizationName: 'o'.repeat(2_048),
    roleScopeTagIds: Array.from({ length: 100 }, (_, index) => String(index).padStart(64, 'x')),
  }
  return request(target, 'POST', tokens, json, Buffer.from(JSON.stringify(body)))
}

const list =
  (query: string, headers: readonly string[] = []) =>
  (target: FuzzTarget) =>
    request(target, 'GET', `${tokens}?${encodeURI(query)}`, headers)
const create = (body: string) => (target: FuzzTarget) =>
  request(target, 'POST', tokens, json, Buffer.from(body))
const batch = (item: object) => (target: FuzzTarget) => {
  const requests = Array.from({ length: 20 }, (_, index) => ({ id: `${index}`, ...item }))
  return request(target, 'POST', '/beta/$batch', json, Buffer.from(JSON.stringify({ requests })))
}

/** Parts this short are the slowest to look for. */
const matches = (count: number) =>
  repeated(count, (index) => `contains(displayName,'d${index}')`, ' or ')
const costly = `contains(displayName,'${'d'.repeat(2_000)}e')`

const beta =
  (path: string, headers: readonly string[] = []) =>
  (target: FuzzTarget) =>
    request(target, 'GET', `/beta/deviceAppManagement/${encodeURI(path)}`, headers)
const descriptions = (count: number) =>
  beta(
    `mobileApps?$filter=${repeated(count, (index) => `contains(description,'x${index}')`, ' or ')}`,
  )
const licenses = `mobileApps/${appId}/graph.iosVppApp/assignedLicenses`
const absent = '00000000-0000-5000-8000-000000000404'

type Dear = readonly [name: string, status: number, request: (target: FuzzTarget) => Buffer]

export const dearRequests: readonly Dear[] = [
  [
    'twenty of the largest pages in one batch, none of it read before',
    200,
    batch({ method: 'GET', url: '/deviceAppManagement/vppTokens?$top=999', headers: full }),
  ],
  ['the largest page', 200, list('$top=999')],
  [
    'the largest page with all that full metadata says',
    200,
    list('$top=999', [`Accept: ${full.Accept}`]),
  ],
  ['the largest page of apps', 200, beta('mobileApps?$top=999')],
  [
    'the largest page of apps, in another order and with all that full metadata says',
    200,
    beta('mobileApps?$top=999&$orderby=publisher desc,displayName&$count=true', [
      `Accept: ${full.Accept}`,
    ]),
  ],
  [
    'twenty of the largest pages of apps in one batch',
    200,
    batch({ method: 'GET', url: '/deviceAppManagement/mobileApps?$top=999', headers: full }),
  ],
  ['as many calls over long texts as a filter may have', 200, descriptions(maxLongCalls)],
  ['one call over long texts more', 400, descriptions(maxLongCalls + 1)],
  [
    'twenty filters over long texts in one batch',
    200,
    batch({
      method: 'GET',
      url: "/deviceAppManagement/mobileApps?$filter=contains(description,'x')",
    }),
  ],
  [
    'as many calls as a filter may have, over many apps',
    200,
    beta(
      `mobileApps?$filter=${repeated(maxCalls, (index) => `contains(publisher,'x${index}')`, ' or ')}`,
    ),
  ],
  ['a search among apps for what none of them has', 200, beta('mobileApps?$search="nothing"')],
  [
    'the last page of many licences, in another order',
    200,
    beta(`${licenses}?$skip=49000&$top=999&$orderby=userId desc&$count=true`),
  ],
  [
    'as many calls as a filter may have, over many licences',
    200,
    beta(
      `${licenses}?$filter=${repeated(maxCalls, (index) => `contains(userId,'x${index}')`, ' or ')}`,
    ),
  ],
  [
    'many licences by the address of their holder',
    200,
    beta(`${licenses}?$orderby=userEmailAddress`),
  ],
  ['a licence that nobody holds, among many', 404, beta(`${licenses}/${absent}`)],
  ['as many calls as a filter may have', 200, list(`$filter=${matches(maxCalls)}`)],
  ['one call more', 400, list(`$filter=${matches(maxCalls + 1)}`)],
  [
    'twenty filters with as many calls as a batch leaves to each',
    200,
    batch({ method: 'GET', url: `/deviceAppManagement/vppTokens?$filter=${matches(2)}` }),
  ],
  [
    'twenty filters in one batch that would each be well alone',
    200,
    batch({ method: 'GET', url: `/deviceAppManagement/vppTokens?$filter=${matches(maxCalls)}` }),
  ],
  ['a long text to look for in long texts', 200, list(`$filter=${costly}`)],
  [
    'parentheses as deep as they may be',
    200,
    list(`$filter=${'('.repeat(40)}id ne null${')'.repeat(40)}`),
  ],
  ['parentheses deeper than that', 400, list(`$filter=${'('.repeat(8_000)}`)],
  [
    'as many values as a list may have',
    200,
    list(`$filter=displayName in (${repeated(500, (index) => `'${index}'`, ',')})`),
  ],
  [
    'an order by everything there is',
    200,
    list(
      '$top=999&$orderby=displayName,appleId,organizationName,state,vppTokenAccountType,expirationDateTime,lastSyncDateTime,lastModifiedDateTime,countryOrRegion,locationName',
    ),
  ],
  ['the deepest body', 400, create('['.repeat(most))],
  ['the deepest body whose quotes are never closed', 400, create(`"${'\\'.repeat(most - 1)}`)],
  [
    'a body of more members than anybody knows',
    400,
    create(`{${repeated(20_000, (index) => `"x${index}":1`, ',')}}`),
  ],
  [
    'a body with the longest list',
    400,
    create(`{"roleScopeTagIds":[${repeated(130_000, () => '1', ',')}]}`),
  ],
  ['a content token as long as a body may be', 400, create(`{"token":"${'Q'.repeat(most - 12)}"}`)],
  ['a body one byte too large', 413, create(`{"token":"${'Q'.repeat(most - 11)}"}`)],
]

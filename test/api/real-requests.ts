/** Graph 8.1 as a table: what real clients were seen to send, byte for byte, and what they look for in the answer. */
import { decodeJwt } from 'jose'
import { seedBody } from '../acceptance-a1.ts'
import { tenantId } from '../running-service.ts'
import type { RawAnswer } from './raw-request.ts'

const tokens = 'deviceAppManagement/vppTokens'
const apps = 'deviceAppManagement/mobileApps'
const json = 'Content-Type: application/json'
const signIn = 'Content-Type: application/x-www-form-urlencoded;charset=utf-8'

/** What stands for `{token}`, `{file}` … in the lines and bodies of a form. */
export type Known = Readonly<Record<string, string>>

/** Puts what is known into `{token}`, `{file}` … */
export function fill(text: string, known: Known): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => known[name] ?? whole)
}

export interface Form {
  readonly name: string
  readonly line: string
  readonly headers?: readonly string[]
  readonly body?: string
  readonly status: number
  /** The decisive part of the answer, and the exact value it has. */
  readonly shows: (answer: RawAnswer, known: Known) => readonly [seen: unknown, wanted: unknown]
}

export const names = ({ json }: RawAnswer) =>
  json.value.map((row: { displayName: string }) => row.displayName)
const types = ({ json }: RawAnswer) =>
  json.value.map((row: Record<string, string>) =>
    row['@odata.type']?.slice('#microsoft.graph.'.length),
  )
const members = ({ json }: RawAnswer) => Object.keys(json.value[0])

export const signIns: readonly Form[] = [
  {
    name: 'the discovery document, before an application signs in',
    line: `GET /${tenantId}/v2.0/.well-known/openid-configuration`,
    headers: ['Accept: */*'],
    status: 200,
    shows: ({ json }, { origin }) => [
      json.token_endpoint,
      `${origin}/${tenantId}/oauth2/v2.0/token`,
    ],
  },
  {
    name: 'the sign-in of nearly all unattended clients',
    line: `POST /${tenantId}/oauth2/v2.0/token`,
    headers: ['Content-Type: application/x-www-form-urlencoded'],
    body: 'grant_type=client_credentials&client_id={client}&client_secret={secret}&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default',
    status: 200,
    shows: ({ json }) => {
      const { aud, tid, app_displayname } = decodeJwt(json.access_token)
      return [
        [json.token_type, json.expires_in, aud, tid, app_displayname],
        ['Bearer', 900, 'https://graph.microsoft.com', tenantId, 'Test'],
      ]
    },
  },
  {
    name: 'the sign-in of Azure’s SDK, with a query and fields of its own',
    line: `POST /${tenantId}/oauth2/v2.0/token?client-request-id=5bfa0ed1-5a09-4cf7-8b7c-d7dbd1a4ee0c`,
    headers: [signIn],
    body: 'client_id={client}&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default&grant_type=client_credentials&x-client-SKU=msal.js.node&x-client-VER=3.8.1&x-client-OS=linux&x-client-CPU=x64&x-ms-lib-capability=retry-after%2C%20h429&client-request-id=5bfa0ed1-5a09-4cf7-8b7c-d7dbd1a4ee0c&client_secret={secret}',
    status: 200,
    shows: ({ json }) => [json.token_type, 'Bearer'],
  },
]

export const reads: readonly Form[] = [
  {
    name: 'the licence check before anything else',
    line: 'GET /v1.0/subscribedSkus',
    status: 200,
    shows: ({ json }) => [
      [json.value[0].capabilityStatus, json.value[0].servicePlans[0].servicePlanId],
      ['Enabled', 'c1ec4a95-1f05-45b3-a911-aa3fa01094f5'],
    ],
  },
  {
    name: 'the plain list, which ordinary tenants are shown whole',
    line: `GET /beta/${tokens}`,
    status: 200,
    shows: (answer) => [
      [names(answer), answer.json['@odata.nextLink']],
      [['Kiel', 'Bremen'], undefined],
    ],
  },
  {
    name: 'the list of a health report, in order',
    line: `GET /beta/${tokens}?$select=appleId,displayName,expirationDateTime,id,state&$orderby=id`,
    status: 200,
    shows: (answer) => [
      [members(answer), names(answer)],
      [
        ['id', 'appleId', 'expirationDateTime', 'state', 'displayName'],
        ['Kiel', 'Bremen'],
      ],
    ],
  },
  {
    name: 'the list of an inventory',
    line: `GET /v1.0/${tokens}?$select=id,organizationName,vppTokenAccountType,state,lastSyncStatus,automaticallyUpdateApps`,
    status: 200,
    shows: ({ json }, { token }) => [
      json.value[0],
      {
        id: token,
        organizationName: 'Harbour Cranes GmbH',
        vppTokenAccountType: 'business',
        state: 'valid',
        lastSyncStatus: 'completed',
        automaticallyUpdateApps: false,
      },
    ],
  },
  {
    name: 'the list of an expiry monitor',
    line: `GET /v1.0/${tokens}?$select=id,expirationDateTime,state,lastSyncDateTime,lastSyncStatus,automaticallyUpdateApps`,
    status: 200,
    shows: (answer) => [
      members(answer),
      [
        'id',
        'expirationDateTime',
        'lastSyncDateTime',
        'state',
        'lastSyncStatus',
        'automaticallyUpdateApps',
      ],
    ],
  },
  {
    name: 'the collector that runs every few hours, without the right to',
    line: `GET /v1.0/${tokens}`,
    headers: ['Authorization: Bearer {reader}'],
    status: 403,
    shows: ({ json }) => [json.error.code, 'Forbidden'],
  },
  {
    name: 'the apps that are published, blanks as %20 and quotes as they are',
    line: `GET /beta/${apps}?$filter=publishingState%20eq%20'published'`,
    status: 200,
    shows: (answer) => [types(answer), ['iosVppApp', 'macOsVppApp', 'iosVppApp', 'macOsVppApp']],
  },
  {
    name: 'the apps of iOS',
    line: `GET /v1.0/${apps}?$filter=isof('microsoft.graph.iosVppApp')`,
    status: 200,
    shows: (answer) => [types(answer), ['iosVppApp', 'iosVppApp']],
  },
  {
    name: 'the apps of macOS, paged',
    line: `GET /beta/${apps}?$filter=isof(%27microsoft.graph.macOsVppApp%27)&$top=1`,
    status: 200,
    shows: (answer, { origin }) => [
      [types(answer), answer.json['@odata.nextLink'].split('$skiptoken')[0]],
      [
        ['macOsVppApp'],
        `${origin}/beta/${apps}?$filter=isof%28%27microsoft.graph.macOsVppApp%27%29&$top=1&`,
      ],
    ],
  },
  {
    name: 'everything that full metadata says',
    line: `GET /beta/${tokens}/{token}`,
    headers: [
      'Accept: application/json;odata.metadata=full',
      'x-ms-client-request-id: 27d2ed8f',
      'ConsistencyLevel: eventual',
      'x-ms-throttle-priority: Low',
    ],
    status: 200,
    shows: ({ headers, json }, { token }) => [
      [headers['content-type'], json['@odata.type'], json['@odata.editLink']],
      [
        'application/json;odata.metadata=full;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
        '#microsoft.graph.vppToken',
        `${tokens}('${token}')`,
      ],
    ],
  },
  ...[`Beta/${tokens}`, `v1.0/${tokens}?=100`, `v1.0/${tokens}/?=25`].map(
    (path): Form => ({
      name: `the list by the address ${path}`,
      line: `GET /${path}`,
      status: 200,
      shows: ({ json }) => [json.value.length, 2],
    }),
  ),
  {
    name: 'the first five',
    line: `GET /v1.0/${tokens}?$top=5`,
    status: 200,
    shows: ({ json }) => [
      [json.value.length, json['@odata.nextLink']],
      [2, undefined],
    ],
  },
  {
    name: 'the list of Microsoft’s client for JavaScript, its query unencoded and no JSON in Accept',
    line: `GET /beta/${tokens}?$select=id,state&$top=1`,
    headers: [
      'Authorization: Bearer {bearer}',
      'SdkVersion: graph-js/3.0.7 (featureUsage=6)',
      'client-request-id: 5f0a97a1-1c5e-4bd9-9f7c-0f4f5cf0f1a4',
      'accept: */*',
      'accept-language: *',
      'sec-fetch-mode: cors',
      'user-agent: node',
      'accept-encoding: gzip, deflate',
    ],
    status: 200,
    shows: ({ headers, json }, { token }) => [
      [headers['client-request-id'], json.value],
      ['5f0a97a1-1c5e-4bd9-9f7c-0f4f5cf0f1a4', [{ id: token, state: 'valid' }]],
    ],
  },
]

export const writes: readonly Form[] = [
  {
    name: 'the create of the seed page, with its 481 bytes',
    line: `POST /beta/organization/${tenantId}/appleVolumePurchaseProgramTokens/{id}`,
    headers: ['Accept: application/json', 'Content-type: application/json', 'Content-length: 481'],
    body: seedBody,
    status: 201,
    shows: ({ json, headers }, { origin }) => [
      [json.token, json.expirationDateTime, headers.location],
      [
        'Token value',
        '2016-12-31T23:57:57.2481234-08:00',
        `${origin}/beta/organization('${tenantId}')/appleVolumePurchaseProgramTokens('${json.id}')`,
      ],
    ],
  },
  {
    name: 'the create of the management scripts: no dates, no state, no organization',
    line: `POST /beta/${tokens}`,
    headers: [json],
    body: '{"appleId":"vpp@harbour.example","automaticallyUpdateApps":true,"claimTokenManagementFromExternalMdm":false,"countryOrRegion":"gb","dataSharingConsentGranted":true,"displayName":"London","roleScopeTagIds":["0"],"token":"{file}","vppTokenAccountType":"business"}',
    status: 201,
    shows: ({ json }, { file }) => [
      [json.token, json.state, json.organizationName, json.countryOrRegion, json.lastSyncDateTime],
      [file, 'unknown', 'Harbour Cranes GmbH', 'gb', '0001-01-01T00:00:00Z'],
    ],
  },
  {
    name: 'the same with the file’s text encoded once more',
    line: `POST /beta/${tokens}`,
    headers: ['Content-Type: application/json; charset=utf-8'],
    body: '{"displayName":"London","token":"{fileTwice}"}',
    status: 201,
    shows: ({ json }, { fileTwice }) => [
      [json.token, json.organizationName],
      [fileTwice, 'Harbour Cranes GmbH'],
    ],
  },
  {
    name: 'a create in pieces, whose length nobody has said',
    line: `POST /beta/${tokens}`,
    headers: [json, 'Transfer-Encoding: chunked'],
    body: '9\r\n{"display\r\nf\r\nName":"London"}\r\n0\r\n\r\n',
    status: 201,
    shows: ({ json }) => [json.displayName, 'London'],
  },
  {
    name: 'a sync with a content type and no body',
    line: `POST /v1.0/${tokens}/{token}/syncLicenses`,
    headers: ['Content-Type: application/json; charset=utf-8', 'Content-Length: 0'],
    status: 200,
    shows: ({ json }, { token }) => [
      [json.id, json.lastSyncStatus],
      [token, 'inProgress'],
    ],
  },
  {
    name: 'a patch of the scope tags, with the type',
    line: `PATCH /beta/${tokens}/{token}`,
    headers: [json],
    body: '{"@odata.type":"#microsoft.graph.vppToken","roleScopeTagIds":["0","7"]}',
    status: 200,
    shows: ({ json }) => [
      [json.roleScopeTagIds, json.displayName],
      [['0', '7'], 'Kiel'],
    ],
  },
  {
    name: 'a renewal: the content token alone',
    line: `PATCH /beta/${tokens}/{token}`,
    headers: [json],
    body: '{"token":"{renewed}"}',
    status: 200,
    shows: ({ json }, { token, renewed }) => [
      [json.id, json.token, json.displayName],
      [token, renewed, 'Kiel'],
    ],
  },
]

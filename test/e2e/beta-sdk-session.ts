/** A tool on Microsoft's generated SDK for beta that makes, reads, changes and removes tokens; prints what its models held. */
import {
  createVppTokenCollectionResponseFromDiscriminatorValue,
  createVppTokenFromDiscriminatorValue,
  serializeVppToken,
  type VppToken,
  type VppTokenCollectionResponse,
  type VppTokenRevokeLicensesActionResult,
} from '@microsoft/msgraph-beta-sdk/models/index.js'
import { PageIterator } from '@microsoft/msgraph-sdk-core'
import {
  asked,
  connectBeta,
  errors,
  HttpMethod,
  json,
  present,
  refusalOf,
} from './beta-sdk-client.ts'
import { given } from './graph-sdk-client.ts'

const adapter = connectBeta()
const idOf = (id: string) => ({ 'vppToken%2Did': id })

async function send(
  method: HttpMethod,
  id: string | undefined,
  body?: VppToken,
): Promise<VppToken> {
  const request = id === undefined ? asked(method, 'tokens') : asked(method, 'token', idOf(id))
  if (body) request.setContentFromParsable(adapter, json, body, serializeVppToken)
  return present(await adapter.send(request, createVppTokenFromDiscriminatorValue, errors))
}
async function list(query: Record<string, string | number | boolean | string[]>) {
  const request = asked(HttpMethod.GET, 'tokens', {}, query)
  const create = createVppTokenCollectionResponseFromDiscriminatorValue
  return present<VppTokenCollectionResponse>(await adapter.send(request, create, errors))
}

const started = new Date('2026-12-01T09:00:00.123Z')
/** The SDK writes the members of a derived item only out of its additional data, and reads them into the model. */
const revoked: VppTokenRevokeLicensesActionResult = {
  odataType: '#microsoft.graph.vppTokenRevokeLicensesActionResult',
  actionName: 'revokeLicenses',
  actionState: 'failed',
  startDateTime: started,
  lastUpdatedDateTime: new Date('2026-12-01T09:00:01Z'),
  additionalData: {
    actionFailureReason: 'expiredVppToken',
    totalLicensesCount: 7,
    failedLicensesCount: 2,
  },
}
const model: VppToken = {
  odataType: '#microsoft.graph.vppToken',
  displayName: 'Lübeck',
  appleId: 'a1@harbour.example',
  vppTokenAccountType: 'education',
  state: 'assignedToExternalMDM',
  lastSyncStatus: 'completed',
  appleDeviceAppDeliveryProtocolType: 'mobileDeviceManagement',
  expirationDateTime: started,
  dataSharingConsentGranted: true,
  roleScopeTagIds: ['0', '7'],
  tokenActionResults: [
    {
      actionName: 'syncLicenses',
      actionState: 'done',
      startDateTime: started,
      lastUpdatedDateTime: started,
    },
    revoked,
  ],
}

const created = await send(HttpMethod.POST, undefined, model)
const id = created.id ?? ''
const read = await send(HttpMethod.GET, id)
const again = await refusalOf(send(HttpMethod.PATCH, id, { ...read }))
const written = await send(HttpMethod.GET, id)
const patched = await send(HttpMethod.PATCH, id, { displayName: 'Kiel', state: 'expired' })
const precise = await send(HttpMethod.GET, given('PRECISE'))

const listed = await list({
  '%24filter': "state eq 'expired' or displayName eq 'Precise'",
  '%24orderby': ['displayName desc'],
  '%24select': ['id', 'displayName', 'state'],
  '%24top': 1,
  '%24count': true,
})
const names: (string | null | undefined)[] = []
const iterator = new PageIterator<VppToken>(
  adapter,
  { ...listed, value: listed.value ?? [], odataNextLink: listed.odataNextLink ?? '' },
  ({ displayName }) => names.push(displayName) > 0,
  createVppTokenCollectionResponseFromDiscriminatorValue,
  errors,
)
await iterator.iterate()

const unknown = await refusalOf(list({ '%24select': ['nope'] }))
const remove = (one: string) =>
  adapter.sendNoResponseContent(asked(HttpMethod.DELETE, 'token', idOf(one)), errors)
await remove(id)
const gone = await refusalOf(send(HttpMethod.GET, id))

process.stdout.write(
  JSON.stringify({
    ...{ created, read, again, written, patched, precise, listed, names, unknown, gone },
    types: read.tokenActionResults?.map(({ odataType }) => odataType ?? null),
    isDate: precise.expirationDateTime instanceof Date,
  }),
)

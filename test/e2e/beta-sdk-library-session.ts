/** A tool on Microsoft's generated SDK for beta that reports licences: apps, books, who holds them, a sync and a batch. */
import type { Parsable, ParsableFactory } from '@microsoft/kiota-abstractions'
import {
  createManagedEBookCollectionResponseFromDiscriminatorValue,
  createMobileAppCollectionResponseFromDiscriminatorValue,
  createVppTokenFromDiscriminatorValue,
  createVppTokenLicenseSummaryFromDiscriminatorValue,
  type ManagedEBookCollectionResponse,
  type MobileAppCollectionResponse,
  type VppTokenLicenseSummary,
} from '@microsoft/msgraph-beta-sdk/models/index.js'
import { BatchRequestBuilder, BatchRequestContent } from '@microsoft/msgraph-sdk-core'
import { asked, connectBeta, errors, HttpMethod, present, refusalOf } from './beta-sdk-client.ts'
import { given } from './graph-sdk-client.ts'

const adapter = connectBeta()

interface Summaries extends Parsable {
  value?: VppTokenLicenseSummary[] | undefined
}
/** As the generated builders describe the answer of a function. */
const createSummaries: ParsableFactory<Summaries> =
  () =>
  (answer: Summaries = {}) => ({
    value: (node) => {
      answer.value = node.getCollectionOfObjectValues(
        createVppTokenLicenseSummaryFromDiscriminatorValue,
      )
    },
  })

async function list<T extends Parsable>(
  template: Parameters<typeof asked>[1],
  create: ParsableFactory<T>,
  path: Record<string, string> = {},
  query: Record<string, string | number> = {},
): Promise<T> {
  return present(await adapter.send(asked(HttpMethod.GET, template, path, query), create, errors))
}

const apps: MobileAppCollectionResponse = await list(
  'apps',
  createMobileAppCollectionResponseFromDiscriminatorValue,
  {},
  { '%24filter': "isof('microsoft.graph.iosVppApp')", '%24orderby': 'displayName desc' },
)
const books: ManagedEBookCollectionResponse = await list(
  'books',
  createManagedEBookCollectionResponseFromDiscriminatorValue,
)
const summaries = await list('licensesForApp', createSummaries, {
  bundleId: 'test.pomona.tidepool',
})
const token = { 'vppToken%2Did': given('TOKEN') }
const synced = present(
  await adapter.send(
    asked(HttpMethod.POST, 'syncLicenses', token),
    createVppTokenFromDiscriminatorValue,
    errors,
  ),
)
const refused = await refusalOf(
  list('apps', createMobileAppCollectionResponseFromDiscriminatorValue, {}, { '%24top': 0 }),
)

const batch = new BatchRequestContent(adapter, errors)
const one = batch.addBatchRequest(asked(HttpMethod.GET, 'token', token, { '%24select': 'id' }))
const none = batch.addBatchRequest(
  asked(HttpMethod.GET, 'token', { 'vppToken%2Did': '00000000-0000-4000-8000-000000000404' }),
)
const answered = await new BatchRequestBuilder(adapter, errors).postBatchResponseContentAsync(batch)

process.stdout.write(
  JSON.stringify({
    ...{ apps: apps.value, books: books.value, summaries: summaries.value, synced, refused },
    statuses: [one, none].map(({ id }) => answered?.getResponseById(id)?.status),
  }),
)

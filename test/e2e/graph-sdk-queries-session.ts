/** A tool that asks in every way its client knows for what a tenant has; prints what it was answered. */
import { PageIterator, ResponseType } from '@microsoft/microsoft-graph-client'
import { connect, refusalOf, tokens } from './graph-sdk-client.ts'

const client = connect()
const apps = '/deviceAppManagement/mobileApps'
const iosApps = `${apps}/microsoft.graph.iosVppApp`
const namesOf = ({ value }: { value: readonly { displayName: string }[] }) =>
  value.map(({ displayName }) => displayName)

const listed = await client
  .api(tokens)
  .select('displayName,countryOrRegion')
  .filter("countryOrRegion in ('nl') or startswith(displayName,'B')")
  .orderby('displayName desc')
  .count(true)
  .get()
const second = namesOf(await client.api(tokens).orderby('displayName').skip(1).top(1).get())
const found = namesOf(await client.api(apps).search('"tidepool"').get())
const cast = await client
  .api(iosApps)
  .select(['displayName', 'totalLicenseCount', 'usedLicenseCount'])
  .orderby('totalLicenseCount')
  .get()
const published = await client.api(apps).filter("publishingState eq 'published'").get()
const expanded = await client.api(apps).expand('assignments').top(1).get()
const macOs = await client.api(apps).filter("isof('microsoft.graph.macOsVppApp')").get()
const books = await client.api('/deviceAppManagement/managedEBooks').version('v1.0').get()

const [{ id: appId }] = (await client.api(iosApps).orderby('displayName desc').get()).value
const app = await client.api(`${apps}/${appId}`).get()
const licenses = await client.api(`${apps}/${appId}/graph.iosVppApp/assignedLicenses`).get()
const summaries = await client
  .api(`${tokens}/getLicensesForApp(bundleId='test.pomona.tidepool')`)
  .get()

const pages: number[] = []
const titles: string[] = []
const first = await client.api(apps).top(2).select('id,displayName').get()
pages.push(first.value.length)
const iterator = new PageIterator(client, first, ({ displayName }) => {
  titles.push(displayName)
  return titles.length !== 3
})
await iterator.iterate()
const pausedAt = titles.length
await iterator.resume()

const counted = await client.api(`${tokens}/$count`).responseType(ResponseType.TEXT).get()
const full: Response = await client
  .api(`${tokens}/${(await client.api(tokens).top(1).get()).value[0].id}`)
  .header('Accept', 'application/json;odata.metadata=full')
  .header('client-request-id', '6f4c1e0e-0a06-4a52-8b2f-8dc8f7a3b001')
  .responseType(ResponseType.RAW)
  .get()
const { status } = full
const asked = full.headers.get('client-request-id')
const fullType = ((await full.json()) as Record<string, unknown>)['@odata.type']
const underived = await refusalOf(client.api(apps).select('usedLicenseCount').get())
const skus = await client.api('/subscribedSkus').get()

process.stdout.write(
  JSON.stringify({
    ...{ listed, second, found, cast: cast.value, published: namesOf(published) },
    ...{ expanded: expanded.value[0].assignments, macOs: namesOf(macOs), books: namesOf(books) },
    ...{ app, licenses: licenses.value, summaries: summaries.value },
    ...{ pages, titles, pausedAt, isComplete: iterator.isComplete() },
    ...{ counted, full: { status, asked, fullType }, underived, sku: skus.value[0] },
  }),
)

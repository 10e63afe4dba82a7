/** A tool that looks at every token, page after page; prints their ids and how many pages there were. */
import { PageIterator } from '@microsoft/microsoft-graph-client'
import { connect, tokens } from './graph-sdk-client.ts'

const client = connect()
const ids: string[] = []
const first = await client.api(tokens).get()
const iterator = new PageIterator(client, first, ({ id }) => {
  ids.push(id)
  return true
})
await iterator.iterate()

const pageSizes: number[] = []
let page = await client.api(tokens).top(60).select(['id', 'state']).count(true).get()
const { '@odata.count': count } = page
for (;;) {
  pageSizes.push(page.value.length)
  const next: string | undefined = page['@odata.nextLink']
  if (next === undefined) break
  page = await client.api(next).get()
}
const names = Object.keys(page.value[0])
process.stdout.write(
  JSON.stringify({ ids, firstPage: first.value.length, pageSizes, count, names }),
)

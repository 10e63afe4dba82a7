/** A tool that renews a token and changes it carefully; prints what it saw. */
import { readFile } from 'node:fs/promises'
import { type Client, ResponseType } from '@microsoft/microsoft-graph-client'
import { connect, given, refusalOf, tokens, until } from './graph-sdk-client.ts'

const client: Client = connect()
const body = {
  '@odata.type': '#microsoft.graph.vppToken',
  appleId: 'a1@harbour.example',
  token: await readFile(given('FILE'), 'utf8'),
}
const key = crypto.randomUUID()
const create = (sent: object) => client.api(tokens).header('Idempotency-Key', key).post(sent)
const created = await create(body)
const retried = await create(body)
const otherBody = await refusalOf(create({ ...body, appleId: 'b2@harbour.example' }))
const count = (await client.api(tokens).get()).value.length

const one = `${tokens}/${created.id}`
const get = () => client.api(one).get()
const isSynced = ({ lastSyncStatus }: { lastSyncStatus: string; lastSyncDateTime: string }) =>
  lastSyncStatus === 'completed'
const { lastSyncDateTime: before } = await until(get, isSynced)
const renewed = await client.api(one).patch({ token: await readFile(given('NEXT_FILE'), 'utf8') })
// It may still show the end of the run before.
const synced = await until(get, (token) => isSynced(token) && token.lastSyncDateTime !== before)

const etagOf = async () => {
  const answer: Response = await client.api(one).responseType(ResponseType.RAW).get()
  await answer.text()
  return answer.headers.get('etag') ?? ''
}
const update = (etag: string, appleId: string) =>
  client.api(one).header('If-Match', etag).patch({ appleId })
const stale = await etagOf()
const updated = await update(stale, 'c3@harbour.example')
const lost = await refusalOf(update(stale, 'd4@harbour.example'))
const fresh = await etagOf()
const kept = await get()
const removedByStale = await refusalOf(client.api(one).header('If-Match', stale).delete())
await client.api(one).header('If-Match', fresh).delete()
const afterDelete = await refusalOf(get())

process.stdout.write(
  JSON.stringify({
    ...{ created, retried, otherBody, count, renewed, synced },
    ...{ updated, lost, kept, hasChanged: stale !== fresh, removedByStale, afterDelete },
  }),
)

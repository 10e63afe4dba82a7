/** A tool written against Graph, as its author would: run as a process of its own, which prints what it saw. */
import { readFile } from 'node:fs/promises'
import { connect, given, refusalOf, tokens, until } from './graph-sdk-client.ts'

const client = connect()
const created = await client.api(tokens).post({
  '@odata.type': '#microsoft.graph.vppToken',
  displayName: 'Kiel',
  appleId: 'a1@harbour.example',
  token: await readFile(given('FILE'), 'utf8'),
})
const one = `${tokens}/${created.id}`
const get = () => client.api(one).get()
const isSynced = ({ lastSyncStatus }: { lastSyncStatus: string }) => lastSyncStatus === 'completed'
await until(get, isSynced)
const listed = (await client.api(tokens).get()).value
const read = await client.api(one).version('v1.0').get()
const syncing = await client.api(`${one}/syncLicenses`).post(null)
const synced = await until(get, isSynced)
await client.api(one).delete()
const afterDelete = await refusalOf(get())

process.stdout.write(JSON.stringify({ created, listed, read, syncing, synced, afterDelete }))

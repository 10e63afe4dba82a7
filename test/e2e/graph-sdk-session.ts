/** A tool written against Graph, as its author would: run as a process of its own, which prints what it saw. */
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { ClientSecretCredential } from '@azure/identity'
import { Client, type GraphError } from '@microsoft/microsoft-graph-client'
import { TokenCredentialAuthenticationProvider } from '@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js'

const {
  POMONA_TEST_ORIGIN: origin = '',
  POMONA_TEST_TENANT: tenant = '',
  POMONA_TEST_CLIENT: clientId = '',
  POMONA_TEST_SECRET: secret = '',
  POMONA_TEST_FILE: file = '',
} = process.env

const credential = new ClientSecretCredential(tenant, clientId, secret, {
  authorityHost: origin,
  disableInstanceDiscovery: true,
})
const client = Client.initWithMiddleware({
  baseUrl: `${origin}/`,
  defaultVersion: 'beta',
  customHosts: new Set([new URL(origin).hostname]),
  authProvider: new TokenCredentialAuthenticationProvider(credential, {
    scopes: ['https://graph.microsoft.com/.default'],
  }),
})

const tokens = '/deviceAppManagement/vppTokens'
const created = await client.api(tokens).post({
  '@odata.type': '#microsoft.graph.vppToken',
  displayName: 'Kiel',
  appleId: 'a1@harbour.example',
  token: await readFile(file, 'utf8'),
})
const one = `${tokens}/${created.id}`
await untilSynced()
const listed = (await client.api(tokens).get()).value
const read = await client.api(one).version('v1.0').get()
const syncing = await client.api(`${one}/syncLicenses`).post(null)
const synced = await untilSynced()
await client.api(one).delete()
const afterDelete = await client
  .api(one)
  .get()
  .catch(({ statusCode, code }: GraphError) => ({ statusCode, code }))

process.stdout.write(JSON.stringify({ created, listed, read, syncing, synced, afterDelete }))

async function untilSynced() {
  for (let attempt = 0; attempt < 200; attempt++) {
    const token = await client.api(one).get()
    if (token.lastSyncStatus === 'completed') return token
    await delay(50)
  }
  throw new Error('The sync did not end in time')
}

/**
 * The floor: what a bare `node:http` server with prepared statements needs for the same work, on the same database, when it
 * does nothing else. No access tokens, no sealing, no audit, no metadata, no checks. Started by the bench as a process of its own:
 *
 *     node bench/floor.ts sqlite:FILE | postgres://…
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type FloorStore, floorRowCount, floorRows } from './floor-store.ts'

const [url = ''] = process.argv.slice(2)
const store = await openStore(url)
await store.insertAll(floorRows(floorRowCount))

const server = createServer(async (request, response) => {
  try {
    await answer(request, response)
  } catch (error) {
    response.writeHead(500).end(String(error))
  }
})
// While the others have their rounds, its connections are silent.
server.keepAliveTimeout = 0
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  console.log(JSON.stringify({ origin: `http://127.0.0.1:${port}` }))
})
process.once('SIGTERM', () => {
  server.close()
  server.closeAllConnections()
  void store.close()
})

/** The driver that is not used is not loaded: it would be in the way of neither, but in the memory of both. */
async function openStore(given: string): Promise<FloorStore> {
  return given.startsWith('sqlite:')
    ? (await import('./floor-sqlite.ts')).openSqliteFloor(given.slice('sqlite:'.length))
    : (await import('./floor-postgres.ts')).openPostgresFloor(given)
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? ''
  if (request.method === 'POST') {
    const sent = JSON.parse(await bodyOf(request))
    const row = path === '/shared' ? await store.insertShared(sent) : await store.insert(sent)
    send(response, 201, row)
  } else if (path === '/tokens') send(response, 200, { value: await store.listValid() })
  else send(response, 200, await store.get(path.slice('/tokens/'.length)))
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

function send(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value))
  response
    .writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': body.length })
    .end(body)
}

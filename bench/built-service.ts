/** The built `serve`, as an operator starts it, and its endpoints as a client with an access token sees them. */
import { existsSync, readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { type Connection, openConnection } from './connection.ts'
import type { Server } from './contest.ts'
import type { FilledTenant } from './fill.ts'
import { type Place, program, storageFlags } from './place.ts'
import { type Endpoint, getRequest, postRequest } from './requests.ts'
import { start } from './started.ts'

export interface BuiltService extends Server {
  /** From the start of the process to its first answer. */
  readonly answerMs: number
  stop(): Promise<void>
}

export interface ServeOptions {
  readonly place: Place
  /** Before the command, such as `taskset -c 0`. */
  readonly prefix: readonly string[]
  readonly isTls?: boolean
  /** Options of Node itself, such as `--cpu-prof`. */
  readonly nodeOptions?: readonly string[]
  /** A simulator that plays Apple; absent = nobody is asked: what is measured is what a caller waits for. */
  readonly appleUrl?: string
}

export function requireBuilt(): void {
  if (existsSync(program)) return
  console.error('There is nothing built to measure. Run npm run build first.')
  process.exit(2)
}

/** A load is what throttling is there to refuse; with it off, requests are counted all the same. */
const unthrottled = ['--throttle-requests', 'off', '--throttle-writes', 'off']

export async function serve(options: ServeOptions): Promise<BuiltService> {
  const begunMs = performance.now()
  const { pid, facts, stop } = await start([
    ...options.prefix,
    ...[process.execPath, ...(options.nodeOptions ?? []), program],
    ...['serve', '-o', 'json', '--listen', '127.0.0.1:0'],
    ...(options.appleUrl === undefined
      ? ['--apple-mode', 'off']
      : ['--apple-mode', 'simulated', '--apple-url', options.appleUrl]),
    ...storageFlags(options.place),
    ...unthrottled,
    ...(options.isTls ? [] : ['--no-tls']),
  ])
  const { origin = '', caFile } = facts
  const ca = caFile === undefined ? {} : { ca: readFileSync(caFile, 'utf8') }
  const server = { pid, origin, ...ca }
  await withConnection(server, async (connection) => {
    const { status } = await connection.ask(getRequest({ origin }, '/health/ready'))
    if (status !== 200) throw new Error(`/health/ready answered ${status}`)
  })
  return { ...server, answerMs: performance.now() - begunMs, stop }
}

/** An access token lasts a quarter of an hour: a contest that begins with a fresh one ends before that. */
export function signIn(server: Server, tenant: FilledTenant): Promise<Endpoint> {
  const { tenantId, clientId, clientSecret } = tenant
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope: 'https://graph.microsoft.com/.default',
  })
  const { origin } = server
  return withConnection(server, async (connection) => {
    const request = postRequest({ origin }, `/${tenantId}/oauth2/v2.0/token`, form.toString())
    const { status, body } = await connection.ask(request)
    if (status !== 200) throw new Error(`Signing in was answered ${status}: ${body}`)
    return { origin, accessToken: JSON.parse(body.toString('utf8')).access_token }
  })
}

export async function withConnection<T>(
  { origin, ca }: Server,
  use: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await openConnection(origin, ca)
  try {
    return await use(connection)
  } finally {
    connection.close()
  }
}

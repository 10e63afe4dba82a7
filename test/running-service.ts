/** A whole service in this process, on its own data, with one tenant and one client that may do everything. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Agent, request as send } from 'undici'
import { openInstance } from '../src/compose/instance.ts'
import { startService } from '../src/compose/service.ts'
import type { ServiceSettings } from '../src/compose/service-settings.ts'
import { addClient } from '../src/domain/tenants/add-client.ts'
import { addTenant } from '../src/domain/tenants/add-tenant.ts'
import { resumeTenant } from '../src/domain/tenants/resume-tenant.ts'
import { suspendTenant } from '../src/domain/tenants/suspend-tenant.ts'
import { newClientSecret } from '../src/issuer/client-secret.ts'
import type { Clock } from '../src/model/clock.ts'
import type { Observation } from '../src/model/observation.ts'
import type { Storage } from '../src/ports/storage.ts'
import { testStorage } from './test-storage.ts'

export const tenantId = '3f2a7c1e-0d4b-4a55-9c1e-7b2f00c0ffee'
export const everyRole = [
  'DeviceManagementServiceConfig.ReadWrite.All',
  'DeviceManagementApps.ReadWrite.All',
]

export interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  /** The body parsed; undefined when there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever JSON came back
  readonly json: any
}

export interface Asked {
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON unless it is text, which goes out as it is. */
  readonly body?: unknown
  /** Instead of the client's own; null = no Authorization header at all. */
  readonly accessToken?: string | null
}

export interface RunningService {
  readonly origin: string
  /** Where it can be reached from here, whatever its public origins are. */
  readonly address: string
  readonly caPem: string
  readonly caFile: string
  readonly dataDir: string
  readonly keyFile: string
  readonly storageUrl: string
  readonly clientId: string
  readonly clientSecret: string
  readonly observed: Observation[]
  /** The service's data through a connection of the test's own. */
  readonly storage: Storage
  ask(method: string, path: string, asked?: Asked): Promise<Answered>
  accessTokenOf(tenant: string, client: string, secret: string): Promise<string>
  /** Another tenant, or another client of a tenant, with its access token. */
  addTenant(id: string): Promise<void>
  addClient(tenant: string, roles: readonly string[]): Promise<{ id: string; secret: string }>
  suspend(tenant: string): Promise<void>
  resume(tenant: string): Promise<void>
  /** Stops the service itself; its data can still be looked at. */
  stop(): Promise<void>
  close(): Promise<void>
}

export async function runningService(given: {
  readonly appleMode: 'live' | 'simulated' | 'off'
  readonly appleUrl?: string
  /** Beyond those that every test needs. */
  readonly settings?: Partial<ServiceSettings>
  /** The authority of a certificate that is given by the settings. */
  readonly caPem?: string
  readonly clock?: Clock
}): Promise<RunningService> {
  const folder = await mkdtemp(join(tmpdir(), 'pomona-test-'))
  const dataDir = join(folder, 'data')
  const keyFile = join(folder, 'key', 'key.json')
  const observed: Observation[] = []
  const clock = given.clock ? { clock: given.clock } : {}
  const place = await testStorage(dataDir)
  const instance = await openInstance({ dataDir, keyFile, storageUrl: place.url, ...clock })
  const addNewTenant = async (id: string) => {
    await addTenant(instance, { id, name: `Tenant ${id.slice(0, 4)}` })
  }
  const addNewClient = async (tenant: string, roles: readonly string[]) => {
    const { secret, secretHash } = newClientSecret()
    const client = await addClient(instance, { tenantId: tenant, name: 'Test', roles, secretHash })
    return { id: client.id, secret }
  }
  await addNewTenant(tenantId)
  const client = await addNewClient(tenantId, everyRole)
  const service = await startService({
    settings: {
      'data-dir': dataDir,
      'key-file': keyFile,
      'storage-url': place.url,
      listen: { host: '127.0.0.1', port: 0 },
      'apple-mode': given.appleMode,
      'apple-url': given.appleUrl,
      'apple-ca': undefined,
      ...given.settings,
    },
    ...clock,
    observe: (observation) => observed.push(observation),
  })
  const caFile = service.caFile ?? ''
  const caPem = given.caPem ?? (caFile === '' ? '' : await readFile(caFile, 'utf8'))
  const scheme = given.settings?.['no-tls'] ? 'http' : 'https'
  const address = `${scheme}://localhost:${service.port}`
  const dispatcher = new Agent({ connect: caPem === '' ? {} : { ca: caPem } })

  async function accessTokenOf(tenant: string, id: string, secret: string): Promise<string> {
    const { body, statusCode } = await send(`${address}/${tenant}/oauth2/v2.0/token`, {
      dispatcher,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: id,
        client_secret: secret,
        scope: 'https://graph.microsoft.com/.default',
      }).toString(),
    })
    const answer = (await body.json()) as { access_token?: string; error_description?: string }
    if (answer.access_token === undefined)
      throw new Error(`${statusCode}: ${answer.error_description}`)
    return answer.access_token
  }

  let own: Promise<string> | undefined
  return {
    origin: service.origin,
    address,
    caPem,
    caFile,
    dataDir,
    keyFile,
    storageUrl: place.url,
    clientId: client.id,
    clientSecret: client.secret,
    observed,
    storage: instance.storage,
    accessTokenOf,
    addTenant: addNewTenant,
    addClient: addNewClient,
    suspend: async (tenant) => {
      await suspendTenant(instance, tenant)
    },
    resume: async (tenant) => {
      await resumeTenant(instance, tenant)
    },
    async ask(method, path, { headers = {}, body, accessToken } = {}) {
      own ??= accessTokenOf(tenantId, client.id, client.secret)
      const bearer = accessToken === undefined ? await own : accessToken
      const isJson = body !== undefined && typeof body !== 'string'
      const answer = await send(`${address}${path}`, {
        dispatcher,
        method: method as 'GET',
        headers: {
          ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
          ...(isJson ? { 'content-type': 'application/json' } : {}),
          ...headers,
        },
        ...(body === undefined ? {} : { body: isJson ? JSON.stringify(body) : String(body) }),
      })
      const text = await answer.body.text()
      const isJsonAnswer = String(answer.headers['content-type']).includes('json')
      return {
        status: answer.statusCode,
        headers: answer.headers,
        text,
        json: isJsonAnswer && text !== '' ? JSON.parse(text) : undefined,
      }
    },
    stop: () => service.close(),
    async close() {
      await dispatcher.close()
      await service.close()
      await instance.storage.close()
      await place.remove()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import { decodeJwt } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { issueLeaf } from '../../local-tls/leaf.ts'
import { createLocalCa } from '../../local-tls/local-ca.ts'
import { startService } from '../../src/compose/service.ts'
import type { ServiceSettings } from '../../src/compose/service-settings.ts'
import { handClock } from '../hand-clock.ts'
import { type RunningService, runningService, tenantId } from '../running-service.ts'

const v1 = '/v1.0/deviceAppManagement/vppTokens'
const dayMs = 86_400_000

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close()
})

async function started(
  settings: Partial<ServiceSettings> = {},
  rest: Partial<Parameters<typeof runningService>[0]> = {},
): Promise<RunningService> {
  const service = await runningService({ appleMode: 'off', settings, ...rest })
  open.push(service)
  return service
}

/** A TLS connection of the test's own: the name it asks for, and bytes as they are. */
async function dialled(
  service: RunningService,
  options: { readonly servername?: string; readonly rejectUnauthorized?: boolean } = {},
): Promise<TLSSocket> {
  const port = Number(new URL(service.address).port)
  const socket = connect({ host: '127.0.0.1', port, ca: service.caPem, ...options })
  open.push({ close: async () => void socket.destroy() })
  await once(socket, 'secureConnect')
  return socket
}

async function wholeOf(socket: TLSSocket): Promise<string> {
  let text = ''
  for await (const bytes of socket) text += bytes.toString('latin1')
  return text
}

describe('a service with public origins', () => {
  const graph = 'https://graph.microsoft.com'
  let service: RunningService
  beforeAll(async () => {
    service = await runningService({
      appleMode: 'off',
      settings: { 'public-origin': [graph, 'https://pomona.example'] },
    })
  })
  afterAll(() => service.close())

  test('names the first of them as its own', () => {
    expect(service.origin).toBe(graph)
  })

  test.each([
    ['graph.microsoft.com', graph],
    ['pomona.example', 'https://pomona.example'],
  ])('puts %s into the links of who called it so (graph 8.1)', async (host, origin) => {
    const created = await service.ask('POST', v1, {
      headers: { host },
      body: { appleId: 'links@example.com' },
    })
    expect(created.status).toBe(201)
    expect(created.headers.location).toBe(`${origin}${v1}('${created.json.id}')`)
    expect(created.headers['strict-transport-security']).toBe('max-age=31536000')
    const page = await service.ask('GET', `${v1}?$top=1`, { headers: { host } })
    expect(page.json['@odata.context']).toBe(
      `${origin}/v1.0/$metadata#deviceAppManagement/vppTokens`,
    )
    await service.ask('POST', v1, { body: { appleId: 'second@example.com' } })
    const first = await service.ask('GET', `${v1}?$top=1`, { headers: { host } })
    expect(first.json['@odata.nextLink']).toContain(`${origin}${v1}?`)
    const refused = await service.ask('GET', v1, { headers: { host }, accessToken: null })
    expect(refused.headers['www-authenticate']).toContain(`"${origin}/common/oauth2/`)
  })

  test('has a certificate for each of their names', async () => {
    for (const servername of ['graph.microsoft.com', 'pomona.example', 'localhost'])
      expect((await dialled(service, { servername })).authorized).toBe(true)
  })

  test('still answers to its loopback names, without pinning them', async () => {
    const answer = await service.ask('GET', v1)
    expect(answer.status).toBe(200)
    expect(answer.json['@odata.context']).toContain(`${service.address}/v1.0/`)
    expect(answer.headers['strict-transport-security']).toBeUndefined()
  })

  test('takes the tokens that it issued under any of its origins under each of them', async () => {
    const hosts = ['graph.microsoft.com', 'pomona.example', new URL(service.address).host]
    const port = new URL(service.address).port
    for (const host of [...hosts, `127.0.0.1:${port}`, `[::1]:${port}`]) {
      const signedIn = await service.ask('POST', `/${tenantId}/oauth2/v2.0/token`, {
        headers: { host, 'content-type': 'application/x-www-form-urlencoded' },
        accessToken: null,
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: service.clientId,
          client_secret: service.clientSecret,
          scope: 'https://graph.microsoft.com/.default',
        }).toString(),
      })
      const accessToken = signedIn.json.access_token
      expect(decodeJwt(accessToken).iss).toBe(`https://${host}/${tenantId}/v2.0`)
      for (const other of hosts)
        expect(
          (await service.ask('GET', v1, { accessToken, headers: { host: other } })).status,
        ).toBe(200)
    }
  })

  test('refuses any other Host, but for a question after its health', async () => {
    const asked = async (line: string) => {
      const socket = await dialled(service, { servername: 'localhost' })
      socket.write(`${line} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`)
      return wholeOf(socket)
    }
    const refused = await asked(`GET ${v1}`)
    expect(refused).toContain('HTTP/1.1 400 ')
    expect(refused).toMatch(/request-id: [0-9a-f-]{36}\r\n/)
    expect(refused).toContain('{"error":{"code":"BadRequest","message":"The Host header names')
    expect(await asked(`POST /${tenantId}/oauth2/v2.0/token`)).toContain('HTTP/1.1 400 ')
    expect(await asked('GET /health/ready')).toMatch(/HTTP\/1\.1 200 .*ready\n$/s)
  })

  test('believes no word about host and address from who is no trusted proxy', async () => {
    const forged = { 'x-forwarded-host': 'pomona.example', 'x-forwarded-proto': 'http' }
    const answer = await service.ask('GET', v1, { headers: forged })
    expect(answer.json['@odata.context']).toContain(`${service.address}/`)
    const evil = { 'x-forwarded-host': 'evil.example' }
    expect((await service.ask('GET', v1, { headers: evil })).status).toBe(200)
  })
})

describe('behind a trusted proxy, without TLS of its own', () => {
  const settings = {
    'no-tls': true,
    'public-origin': ['https://pomona.example'],
    'trusted-proxy': ['127.0.0.0/8', '::1'],
  }
  const through = { 'x-forwarded-host': 'pomona.example', 'x-forwarded-proto': 'https' }

  test('links lead to the public origin, whatever the proxy puts into Host', async () => {
    const service = await started(settings)
    const headers = { ...through, host: 'backend:8080' }
    const answer = await service.ask('GET', v1, { headers })
    expect(answer.json['@odata.context']).toBe(
      'https://pomona.example/v1.0/$metadata#deviceAppManagement/vppTokens',
    )
    expect(answer.headers['strict-transport-security']).toBe('max-age=31536000')
    const evil = { ...through, 'x-forwarded-host': 'evil.example' }
    expect((await service.ask('GET', v1, { headers: evil })).status).toBe(400)
  })

  test('failed sign-ins count for who asked the proxy', async () => {
    const service = await started(settings)
    const guess = (address: string) =>
      service.ask('POST', `/${tenantId}/oauth2/v2.0/token`, {
        headers: {
          ...through,
          'x-forwarded-for': `1.2.3.4, ${address}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
        accessToken: null,
        body: `grant_type=client_credentials&scope=https://graph.microsoft.com/.default&client_id=${service.clientId}&client_secret=wrong`,
      })
    for (let turn = 0; turn < 10; turn += 1) expect((await guess('203.0.113.9')).status).toBe(401)
    expect((await guess('203.0.113.9')).status).toBe(429)
    expect((await guess('203.0.113.10')).status).toBe(401)
  })
})

describe('a certificate', () => {
  const names = { dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] }
  const dates = {
    notBefore: new Date(Date.now() - dayMs),
    notAfter: new Date(Date.now() + 20 * dayMs),
  }

  test('of the operator is served, and served anew once its files have changed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pomona-test-'))
    open.push({ close: () => rm(folder, { recursive: true, force: true }) })
    const ca = await createLocalCa({ commonName: 'Operator', ...names, ...dates })
    const files = { 'tls-cert': join(folder, 'cert.pem'), 'tls-key': join(folder, 'key.pem') }
    const write = async () => {
      const leaf = await issueLeaf({ ca, ...names, ...dates })
      await writeFile(files['tls-cert'], leaf.certificatePem)
      await writeFile(files['tls-key'], leaf.privateKeyPem)
    }
    await write()
    const clock = handClock(new Date())
    const service = await started(files, { caPem: ca.certificatePem, clock })
    expect(service.caFile).toBe('')
    const seen = async () => {
      const socket = await dialled(service, { servername: 'localhost' })
      return socket.getPeerCertificate().fingerprint256
    }
    const before = await seen()
    const earlier = await dialled(service, { servername: 'localhost' })
    await write()
    clock.turn(60_000)
    while (!service.observed.some(({ kind }) => kind === 'certificateRenewed'))
      await new Promise(setImmediate)
    expect(await seen()).not.toBe(before)
    const { host } = new URL(service.address)
    earlier.write(`GET /health/live HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
    expect(await wholeOf(earlier)).toContain('live')
  })

  test('of the local CA is issued again while the service runs', async () => {
    const clock = handClock(new Date())
    const service = await started({}, { clock })
    const seen = async () => {
      const socket = await dialled(service, { rejectUnauthorized: false })
      return socket.getPeerCertificate().fingerprint256
    }
    const before = await seen()
    clock.turn(dayMs)
    await new Promise(setImmediate)
    expect(await seen()).toBe(before)
    clock.turn(800 * dayMs)
    while (!service.observed.some(({ kind }) => kind === 'certificateRenewed'))
      await new Promise(setImmediate)
    expect(await seen()).not.toBe(before)
  })
})

describe('a start that cannot be', () => {
  const started = async (settings: Partial<ServiceSettings>) => {
    const folder = await mkdtemp(join(tmpdir(), 'pomona-test-'))
    open.push({ close: () => rm(folder, { recursive: true, force: true }) })
    const service = await startService({
      settings: {
        'data-dir': join(folder, 'data'),
        'key-file': join(folder, 'key.json'),
        listen: { host: '127.0.0.1', port: 0 },
        'apple-mode': 'off',
        'apple-url': undefined,
        'apple-ca': undefined,
        ...settings,
      },
      observe: () => undefined,
    })
    open.push(service)
    return service
  }

  test.each<[string, Partial<ServiceSettings>, string]>([
    ['with a public origin that is none', { 'public-origin': ['pomona'] }, 'public-origin'],
    ['with a proxy that is none', { 'trusted-proxy': ['proxy'] }, 'trusted-proxy'],
    ['with a certificate that is not there', { 'tls-cert': '/no', 'tls-key': '/no' }, 'tls-cert'],
    [
      'in the clear to everybody',
      { 'no-tls': true, listen: { host: '0.0.0.0', port: 0 } },
      'no-tls',
    ],
    [
      "with Graph's own audience for another issuer",
      {
        issuer: [{ issuer: 'https://id.example', tenants: [tenantId] }],
        'issuer-audience': ['https://graph.microsoft.com'],
      },
      "Graph's own audience",
    ],
    [
      'with an issuer but no audience',
      { issuer: [{ issuer: 'https://id.example', tenants: [tenantId] }] },
      'audience',
    ],
  ])('%s says what is wrong', async (_, settings, told) => {
    const error = await started(settings).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'misconfigured' })
    expect(`${(error as { property?: string }).property} ${error}`).toContain(told)
  })

  test('because the port is taken says so', async () => {
    const first = await started({})
    await expect(
      started({ listen: { host: '127.0.0.1', port: first.port } }),
    ).rejects.toMatchObject({
      code: 'misconfigured',
      property: 'listen',
      message: `The service cannot listen on 127.0.0.1, port ${first.port}: something else listens there already. Choose another with --listen.`,
    })
  })
})

describe('a service that is being stopped', () => {
  test('answers a slow create whole, tells that it is not ready, and loses nothing', async () => {
    const clock = handClock(new Date())
    const service = await runningService({ appleMode: 'off', clock })
    open.push(service)
    const accessToken = await service.accessTokenOf(
      tenantId,
      service.clientId,
      service.clientSecret,
    )
    const { host } = new URL(service.address)
    const body = JSON.stringify({ appleId: 'slow@example.com' })
    const socket = await dialled(service, { servername: 'localhost' })
    let text = ''
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1')
    })
    socket.write(
      `POST ${v1} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${accessToken}\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 5)}`,
    )
    while (!text.includes('100 Continue')) await once(socket, 'data')
    const stopped = service.stop()
    await new Promise(setImmediate)
    socket.write(`${body.slice(5)}GET /health/ready HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
    await once(socket, 'close')
    expect([...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status)).toEqual([
      '100',
      '201',
      '503',
    ])
    expect(text).toContain('The service is being stopped.')
    expect(text).toMatch(/retry-after: 5/i)
    await stopped
    const page = await service.storage.forTenant(tenantId).reads.tokens.list({ limit: 10 })
    expect(page.rows.map(({ record }) => record.appleId)).toEqual(['slow@example.com'])
  })
})

// The certificate library resolves its parts through decorator metadata and fails to load without this first.
import 'reflect-metadata'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import {
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { start } from '../../test/apple-conversation.ts'
import { startScriptedServer } from '../../test/scripted-server.ts'
import { createTurnedClock } from '../../test/turned-clock.ts'
import { call } from './call.ts'
import { createAppleDispatcher } from './dispatcher.ts'

const path = '/mdm/v2/assets'
const dayMs = 86_400_000
let trusted: { cert: string; key: string }
let expired: { cert: string; key: string }

beforeAll(async () => {
  trusted = await selfSigned(new Date(Date.now() - dayMs), new Date(Date.now() + dayMs))
  expired = await selfSigned(new Date(Date.now() - 2 * dayMs), new Date(Date.now() - dayMs))
})

describe('the way to Apple (Apple C14)', () => {
  it('trusts a private CA when told to', async () => {
    const outcome = await ask(await httpsServer(trusted), { caPem: trusted.cert })
    expect(outcome).toMatchObject({ ok: true, body: { assets: [] } })
  })

  it.each([
    ['nobody vouches for it', {}, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['somebody else is trusted', { caOf: 'other' }, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['it has expired', { caOf: 'expired' }, 'CERT_HAS_EXPIRED'],
  ])(
    'sends nothing where the certificate is refused: %s',
    async (_, { caOf }: { caOf?: string }, code) => {
      const server = await httpsServer(caOf === 'expired' ? expired : trusted)
      const outcome = await ask(server, caOf === undefined ? {} : { caPem: expired.cert })
      expect(outcome).toMatchObject({
        ok: false,
        refusal: {
          meaning: { retry: 'never' },
          finding: {
            reason: 'tlsRefused',
            isDefinite: false,
            detail: `the certificate was refused (${code})`,
            host: new URL(server.origin).host,
          },
        },
      })
      expect(server.requests).toEqual([])
    },
  )

  it('refuses it although the environment of the process tells Node to take any', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    onTestFinished(() => {
      vi.unstubAllEnvs()
    })
    const server = await httpsServer(trusted)
    const proxy = await startProxy(server.origin)
    const around = { origin: 'https://apple.test' }
    for (const asked of [
      ask(server, {}),
      ask(server, { caPem: expired.cert }),
      ask(around, { environment: { HTTPS_PROXY: proxy.origin } }),
    ])
      expect(await asked).toMatchObject({ refusal: { finding: { reason: 'tlsRefused' } } })
    expect(server.requests).toEqual([])
  })

  it('refuses a certificate for another name', async () => {
    const server = await httpsServer(trusted)
    const origin = server.origin.replace('127.0.0.1', 'localhost')
    expect(await ask({ origin }, { caPem: trusted.cert })).toMatchObject({
      refusal: {
        finding: {
          reason: 'tlsRefused',
          detail: 'the certificate was refused (ERR_TLS_CERT_ALTNAME_INVALID)',
        },
      },
    })
  })

  it('goes through the proxy of the environment, with the private CA of the other end', async () => {
    const server = await httpsServer(trusted)
    const proxy = await startProxy(server.origin)
    const outcome = await ask(
      { origin: 'https://apple.test' },
      {
        caPem: trusted.cert,
        environment: { HTTPS_PROXY: proxy.origin },
      },
    )
    expect(outcome).toMatchObject({ ok: true })
    expect(proxy.tunnels).toEqual(['apple.test:443'])
    expect(server.requests[0]?.headers.host).toBe('apple.test')
  })

  it('does not let a proxy vouch for the other end', async () => {
    const server = await httpsServer(trusted)
    const proxy = await startProxy(server.origin)
    const outcome = await ask(
      { origin: 'https://apple.test' },
      {
        environment: { https_proxy: proxy.origin },
      },
    )
    expect(outcome).toMatchObject({ refusal: { finding: { reason: 'tlsRefused' } } })
    expect(server.requests).toEqual([])
  })

  it('passes the proxy by for hosts of NO_PROXY, and always for this machine', async () => {
    const server = await httpsServer(trusted)
    const proxy = await startProxy(server.origin)
    const environment = { HTTPS_PROXY: proxy.origin, NO_PROXY: 'apple.invalid' }
    expect(await ask(server, { caPem: trusted.cert, environment })).toMatchObject({ ok: true })
    const bypassed = await ask({ origin: 'https://apple.invalid' }, { environment })
    expect(bypassed).toMatchObject({ refusal: { finding: { reason: 'appleUnavailable' } } })
    expect(proxy.tunnels).toEqual([])
  })

  it('finds no usable answer when the proxy refuses', async () => {
    const proxy = await startProxy(undefined)
    const outcome = await ask(
      { origin: 'https://apple.test' },
      {
        environment: { HTTPS_PROXY: proxy.origin },
      },
    )
    expect(outcome).toMatchObject({
      refusal: {
        finding: { reason: 'appleUnavailable', detail: expect.stringContaining('proxy') },
      },
    })
  })
})

function httpsServer(certificate: { cert: string; key: string }) {
  return startScriptedServer(certificate).then((server) => {
    server.script(path, { json: { assets: [] } })
    return server
  })
}

function ask(
  { origin }: { readonly origin: string },
  settings: { caPem?: string; environment?: Record<string, string> },
) {
  const dispatcher = createAppleDispatcher({
    connectTimeoutMs: 10_000,
    environment: {},
    ...settings,
  })
  onTestFinished(() => dispatcher.destroy())
  const network = {
    dispatcher,
    clock: createTurnedClock(start),
    requestTimeoutMs: 10_000,
    maxAnswerBytes: 1_000,
  }
  return call(network, { url: new URL(`${origin}${path}`), shape: '', credential: 'b3V0ZXI=' })
}

/** Tunnels whatever it is asked for to one place; refuses without one. */
async function startProxy(origin: string | undefined) {
  const tunnels: string[] = []
  const proxy = createServer()
  proxy.on('connect', (request, socket, head) => {
    if (origin === undefined) return socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
    tunnels.push(request.url ?? '')
    const upstream = connect(Number(new URL(origin).port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      upstream.write(head)
      upstream.pipe(socket).pipe(upstream)
    })
    upstream.on('error', () => socket.destroy())
    socket.on('error', () => upstream.destroy())
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    proxy.close()
    proxy.closeAllConnections()
  })
  return { origin: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, tunnels }
}

async function selfSigned(notBefore: Date, notAfter: Date) {
  const signingAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = await crypto.subtle.generateKey(signingAlgorithm, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=apple.test',
    notBefore,
    notAfter,
    keys,
    signingAlgorithm,
    extensions: [
      new SubjectAlternativeNameExtension([
        { type: 'dns', value: 'apple.test' },
        { type: 'ip', value: '127.0.0.1' },
      ]),
    ],
  })
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', keys.privateKey)
  return { cert: certificate.toString('pem'), key: PemConverter.encode(pkcs8, 'PRIVATE KEY') }
}

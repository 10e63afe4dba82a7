import 'reflect-metadata'
import { execFile, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, get, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { issueLeaf } from './leaf.ts'
import { createLocalCa } from './local-ca.ts'
import { type CertificateAndKey, createKeyPair, readKeyPair, toPem } from './signing.ts'

// The clients compare with the real clock, so these certificates must be valid on the day the tests run.
const hourMs = 60 * 60 * 1000
const validity = {
  notBefore: new Date(Date.now() - hourMs),
  notAfter: new Date(Date.now() + 24 * hourMs),
}
const names = { dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] }

let ca: CertificateAndKey
let folder: string
let caFile: string
let honest: Server
let forged: Server
let forgedForAddress: Server
beforeAll(async () => {
  ca = await createLocalCa({ commonName: 'Test authority', ...names, ...validity })
  folder = await mkdtemp(join(tmpdir(), 'local-tls-'))
  caFile = join(folder, 'ca.pem')
  await writeFile(caFile, ca.certificatePem)
  honest = await serve(await issueLeaf({ ca, ...names, ...validity }))
  forged = await serve(await forge({ type: 'dns', value: 'example.com' }))
  forgedForAddress = await serve(await forge({ type: 'ip', value: '127.0.0.2' }))
})
afterAll(async () => {
  for (const server of [honest, forged, forgedForAddress]) server.close()
  await rm(folder, { recursive: true })
})

/** What a thief of the authority's key would do: sign for a name without asking issueLeaf. */
async function forge(name: { type: 'dns' | 'ip'; value: string }): Promise<CertificateAndKey> {
  const keys = await createKeyPair()
  const { privateKey } = await readKeyPair(ca.privateKeyPem)
  const certificate = await X509CertificateGenerator.create({
    subject: [{ CN: ['forged'] }],
    issuer: new X509Certificate(ca.certificatePem).subjectName,
    ...validity,
    publicKey: keys.publicKey,
    signingKey: privateKey,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    extensions: [new SubjectAlternativeNameExtension([name])],
  })
  return toPem(certificate, keys)
}

async function serve({ certificatePem, privateKeyPem }: CertificateAndKey): Promise<Server> {
  const server = createServer({ cert: certificatePem, key: privateKeyPem }, (_, response) => {
    response.end('hello')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

type Target = { readonly host: string; readonly servername?: string; readonly trusted?: string }

/** The body, or what the error says, as a client sees it that trusts only the authority. */
function ask(server: Server, { host, servername, trusted = ca.certificatePem }: Target) {
  return new Promise<string | undefined>((resolve) => {
    const request = get({
      host,
      port: portOf(server),
      ca: trusted,
      agent: false,
      // Whatever the name, the server is here: nothing is looked up.
      lookup: (_name, options, done) =>
        options.all
          ? done(null, [{ address: '127.0.0.1', family: 4 }])
          : done(null, '127.0.0.1', 4),
      ...(servername === undefined ? {} : { servername }),
    })
    request.on('response', async (response) => {
      const parts = await response.setEncoding('utf8').toArray()
      resolve(parts.join(''))
    })
    // For a constraint the code is only UNSPECIFIED; the reason stands in OpenSSL's message.
    request.on('error', ({ code, message }: NodeJS.ErrnoException) =>
      resolve(code === 'UNSPECIFIED' ? message : code),
    )
  })
}

describe('a Node client that trusts only the authority', () => {
  it.each(['localhost', '127.0.0.1'])('accepts the server as %s', async (host) => {
    expect(await ask(honest, { host })).toBe('hello')
  })

  it('refuses the server under a name its certificate does not carry', async () => {
    expect(await ask(honest, { host: 'localhost', servername: 'a.localhost' })).toBe(
      'ERR_TLS_CERT_ALTNAME_INVALID',
    )
  })

  it('refuses a certificate for example.com forged with the key of the authority', async () => {
    expect(await ask(forged, { host: 'example.com' })).toBe('permitted subtree violation')
  })

  it('refuses a certificate for another address forged with the key of the authority', async () => {
    expect(await ask(forgedForAddress, { host: '127.0.0.1' })).toBe('permitted subtree violation')
  })

  it('refuses a server signed by another authority of the same name', async () => {
    const other = await createLocalCa({ commonName: 'Test authority', ...names, ...validity })
    expect(await ask(honest, { host: 'localhost', trusted: other.certificatePem })).toBe(
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    )
  })
})

/** True if the program is there; says on standard error when its tests will not run. */
function isInstalled(program: string, argument: string): boolean {
  const found = spawnSync(program, [argument]).status === 0
  if (!found) process.stderr.write(`SKIPPED: ${program} is not installed; its tests do not run.\n`)
  return found
}

const run = promisify(execFile)

describe.skipIf(!isInstalled('curl', '--version'))('curl --cacert', () => {
  // -q: not the settings of whoever runs the tests. A proxy would look the names up elsewhere.
  async function curl(server: Server, host: string): Promise<string | number | undefined> {
    const url = `https://${host}:${portOf(server)}/`
    const here = ['--resolve', `${host}:${portOf(server)}:127.0.0.1`]
    return run('curl', ['-q', '--silent', '--noproxy', '*', '--cacert', caFile, ...here, url]).then(
      ({ stdout }) => stdout,
      (error: { code?: number }) => error.code,
    )
  }

  it.each(['localhost', '127.0.0.1'])('accepts the server as %s', async (host) => {
    expect(await curl(honest, host)).toBe('hello')
  })

  it('refuses the forged certificate (60: the peer cannot be authenticated)', async () => {
    expect(await curl(forged, 'example.com')).toBe(60)
  })
})

describe.skipIf(!isInstalled('openssl', 'version'))('openssl verify', () => {
  it('accepts, strictly and ten years from now, a server signed then', async () => {
    const later = { notBefore: new Date('2036-01-01'), notAfter: new Date('2056-01-01') }
    const lateCa = await createLocalCa({ commonName: 'Later', ...names, ...later })
    const late = await issueLeaf({ ca: lateCa, ...names, ...later })
    const [lateCaFile, leafFile] = [join(folder, 'late-ca.pem'), join(folder, 'late.pem')]
    await writeFile(lateCaFile, lateCa.certificatePem)
    await writeFile(leafFile, late.certificatePem)
    const at = String(Date.parse('2046-01-01') / 1000)
    const strict = ['-x509_strict', '-purpose', 'sslserver', '-attime', at]
    const { stdout } = await run('openssl', ['verify', ...strict, '-CAfile', lateCaFile, leafFile])
    expect(stdout).toBe(`${leafFile}: OK\n`)
  })
})

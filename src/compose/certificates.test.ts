import { X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HostNames } from '../../local-tls/host-names.ts'
import { issueLeaf } from '../../local-tls/leaf.ts'
import { createLocalCa } from '../../local-tls/local-ca.ts'
import { handClock } from '../../test/hand-clock.ts'
import { Failure } from '../model/failure.ts'
import type { Observation } from '../model/observation.ts'
import { keepCertificateFresh } from './certificate-source.ts'
import { givenCertificate } from './given-certificate.ts'
import { openInstance } from './instance.ts'
import { localCertificate, localNames } from './local-certificate.ts'

const dayMs = 86_400_000
const start = new Date('2026-12-01T09:00:00Z')
const loopback: HostNames = { dnsNames: ['localhost'], ipAddresses: ['127.0.0.1', '::1'] }

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pomona-test-'))
})
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  await rm(folder, { recursive: true, force: true })
})

async function failureOf(answer: Promise<unknown>): Promise<Failure> {
  const error = await answer.then(
    () => new Error('was accepted'),
    (reason: unknown) => reason,
  )
  if (error instanceof Failure) return error
  throw error
}

describe("the operator's own certificate", () => {
  const certFile = () => join(folder, 'cert.pem')
  const keyFile = () => join(folder, 'key.pem')
  const source = (now = start) =>
    givenCertificate({ certFile: certFile(), keyFile: keyFile(), now: () => now })

  async function pair(fromDays = -1, untilDays = 10) {
    const dates = {
      notBefore: new Date(start.getTime() + fromDays * dayMs),
      notAfter: new Date(start.getTime() + untilDays * dayMs),
    }
    const ca = await createLocalCa({ commonName: 'Test', ...loopback, ...dates })
    return issueLeaf({ ca, ...loopback, ...dates })
  }
  async function write(certificate: string, key: string) {
    await writeFile(certFile(), certificate)
    await writeFile(keyFile(), key)
  }

  it('is used as it stands in the files', async () => {
    const { certificatePem, privateKeyPem } = await pair()
    await write(certificatePem, privateKeyPem)
    expect((await source()).first).toEqual({ certificatePem, privateKeyPem })
  })

  it('is taken up when both files have changed, and not before they fit', async () => {
    const [before, after] = [await pair(), await pair()]
    await write(before.certificatePem, before.privateKeyPem)
    const { renewed } = await source()
    expect(await renewed()).toBeUndefined()
    await write(after.certificatePem, before.privateKeyPem)
    expect((await failureOf(renewed())).property).toBe('tls-key')
    await write(after.certificatePem, after.privateKeyPem)
    expect(await renewed()).toEqual(after)
    expect(await renewed()).toBeUndefined()
  })

  it.each<[string, string, string, () => Promise<void>]>([
    ['that is not there', 'tls-cert', '(ENOENT)', async () => undefined],
    ['that is none', 'tls-cert', 'holds no certificate', async () => write('x', 'planted secret')],
    [
      'with a key that is none',
      'tls-key',
      'holds no private key',
      async () => write((await pair()).certificatePem, 'planted secret'),
    ],
    [
      'with the key of another',
      'tls-key',
      'is not that of the first certificate',
      async () => write((await pair()).certificatePem, (await pair()).privateKeyPem),
    ],
    [
      'that has ended',
      'tls-cert',
      'ended on 2026-11-30T09:00:00.000Z',
      async () => {
        const ended = await pair(-3, -1)
        await write(ended.certificatePem, ended.privateKeyPem)
      },
    ],
    [
      'that has not begun',
      'tls-cert',
      'counts only from 2026-12-02T09:00:00.000Z',
      async () => {
        const later = await pair(1, 3)
        await write(later.certificatePem, later.privateKeyPem)
      },
    ],
    [
      'with rubbish behind it',
      'tls-cert',
      'cannot be used',
      async () => {
        const { certificatePem, privateKeyPem } = await pair()
        const rubbish = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
        await write(certificatePem + rubbish, privateKeyPem)
      },
    ],
  ])('%s stops the start', async (_, property, told, prepare) => {
    await prepare()
    const failure = await failureOf(source())
    expect(failure).toMatchObject({ code: 'misconfigured', property })
    expect(failure.message).toContain(told)
    expect(failure.message).not.toContain('planted')
    expect(failure.cause).toBeUndefined()
  })
})

describe('the local certificate', () => {
  async function opened() {
    const clock = handClock(start)
    const observed: Observation[] = []
    const dataDir = join(folder, 'data')
    const instance = await openInstance({ dataDir, keyFile: join(folder, 'key.json'), clock })
    closing.push(() => instance.storage.close())
    const issue = (names = loopback) =>
      localCertificate({
        ...instance,
        dataDir,
        names,
        now: clock.now,
        observe: (observation) => observed.push(observation),
      })
    const ca = async () => new X509Certificate(await readFile(join(dataDir, 'ca.pem'), 'utf8'))
    return { clock, observed, issue, ca }
  }

  it('is signed by a CA that stays, for every name, and serves the next start too', async () => {
    const { issue, ca, observed } = await opened()
    const { first, caFile } = await issue()
    const authority = await ca()
    const leaf = new X509Certificate(first.certificatePem)
    expect(caFile).toBe(join(folder, 'data', 'ca.pem'))
    expect(leaf.checkIssued(authority) && leaf.verify(authority.publicKey)).toBe(true)
    expect(leaf.subjectAltName).toBe(
      'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1',
    )
    expect((await issue()).first).toEqual(first)
    expect((await ca()).fingerprint256).toBe(authority.fingerprint256)
    expect(observed).toEqual([])
  })

  it('is issued again thirty days before its end', async () => {
    const { issue, clock } = await opened()
    const { renewed } = await issue()
    clock.turn((825 - 30) * dayMs)
    expect(await renewed()).toBeUndefined()
    clock.turn(1_000)
    const fresh = new X509Certificate((await renewed())?.certificatePem ?? '')
    expect(fresh.validToDate.getTime()).toBe(clock.now().getTime() + 825 * dayMs)
    expect(await renewed()).toBeUndefined()
  })

  it('comes from a new CA when a name is added, which speaks for the old names too', async () => {
    const { issue, ca, observed } = await opened()
    await issue()
    const before = await ca()
    const origins = ['https://graph.microsoft.com', 'https://192.0.2.7:8443']
    const names = localNames({ host: '0.0.0.0', port: 8443 }, origins)
    const leaf = new X509Certificate((await issue(names)).first.certificatePem)
    const after = await ca()
    expect(after.fingerprint256).not.toBe(before.fingerprint256)
    expect(leaf.checkHost('graph.microsoft.com')).toBe('graph.microsoft.com')
    expect(leaf.checkIP('192.0.2.7')).toBe('192.0.2.7')
    expect(observed).toEqual([
      {
        kind: 'localCaReplaced',
        names: ['localhost', 'graph.microsoft.com', '127.0.0.1', '::1', '192.0.2.7'],
      },
    ])
    // A node without the name goes on with the CA of the one that has it.
    await issue()
    expect((await ca()).fingerprint256).toBe(after.fingerprint256)
  })

  it('comes from a new CA before the old one ends', async () => {
    const { issue, ca, clock } = await opened()
    await issue()
    const before = await ca()
    clock.turn((3_650 - 61) * dayMs)
    await issue()
    expect((await ca()).fingerprint256).toBe(before.fingerprint256)
    // The leaf made then ends with the CA, and is due for another thirty days before that.
    clock.turn(32 * dayMs)
    await issue()
    expect((await ca()).fingerprint256).not.toBe(before.fingerprint256)
  })
})

describe('names of the local certificate', () => {
  it.each([
    ['127.0.0.1', [], ['localhost'], ['127.0.0.1', '::1']],
    ['localhost', [], ['localhost'], ['127.0.0.1', '::1']],
    ['::', [], ['localhost'], ['127.0.0.1', '::1']],
    ['192.0.2.7', [], ['localhost'], ['127.0.0.1', '::1', '192.0.2.7']],
    ['pomona.example', [], ['localhost', 'pomona.example'], ['127.0.0.1', '::1']],
    ['::1', ['https://[2001:db8::7]:1'], ['localhost'], ['127.0.0.1', '::1', '2001:db8::7']],
  ])('for %s and %j are these', (host, origins, dnsNames, ipAddresses) => {
    expect(localNames({ host, port: 8443 }, origins)).toEqual({ dnsNames, ipAddresses })
  })
})

describe('keeping a certificate fresh', () => {
  it('uses what is new, tells each trouble once and goes on until it is stopped', async () => {
    const clock = handClock(start)
    const observed: Observation[] = []
    const used: string[] = []
    const dates = { notBefore: start, notAfter: new Date(start.getTime() + dayMs) }
    const fresh = await createLocalCa({ commonName: 'Test', ...loopback, ...dates })
    const answers = [
      async () => undefined,
      () => Promise.reject(new Failure('misconfigured', 'The file is gone.')),
      () => Promise.reject(new Failure('misconfigured', 'The file is gone.')),
      async () => fresh,
    ]
    const stopped = new AbortController()
    const kept = keepCertificateFresh({
      source: {
        first: fresh,
        lookEachMs: 60_000,
        renewed: () => answers.shift()?.() ?? Promise.resolve(undefined),
      },
      use: ({ certificatePem }) => used.push(certificatePem),
      clock,
      observe: (observation) => observed.push(observation),
      stopped: stopped.signal,
    })
    while (answers.length > 0) {
      clock.turn(60_000)
      await new Promise(setImmediate)
    }
    await new Promise(setImmediate)
    expect(used).toEqual([fresh.certificatePem])
    expect(observed).toEqual([
      { kind: 'certificateNotRenewed', reason: 'The file is gone.' },
      { kind: 'certificateRenewed', endsAt: '2026-12-02T09:00:00.000Z' },
    ])
    stopped.abort()
    await kept
  })
})

import { X509Certificate } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { issueLeaf } from './leaf.ts'
import { createLocalCa } from './local-ca.ts'
import type { CertificateAndKey } from './signing.ts'
import { isUsable, type UsableQuestion } from './usable-leaf.ts'

// Far from any day the tests run on: nothing here may look at the real clock.
const caValidity = {
  notBefore: new Date('2036-01-01T00:00:00Z'),
  notAfter: new Date('2056-01-01T00:00:00Z'),
}
const leafValidity = {
  notBefore: new Date('2036-03-01T00:00:00Z'),
  notAfter: new Date('2036-06-01T00:00:00Z'),
}
const names = { dnsNames: ['localhost'], ipAddresses: ['127.0.0.1', '::1'] }

let ca: CertificateAndKey
let leaf: CertificateAndKey
beforeAll(async () => {
  ca = await createLocalCa({ commonName: 'Test, CN=authority', ...names, ...caValidity })
  leaf = await issueLeaf({ ca, ...names, ...leafValidity })
})

describe('createLocalCa', () => {
  it('carries the dates passed in, also beyond 2050, where the notation of years changes', () => {
    const { validFromDate, validToDate } = new X509Certificate(ca.certificatePem)
    expect({ notBefore: validFromDate, notAfter: validToDate }).toEqual(caValidity)
  })

  it('takes the common name as one name, whatever characters it has', () => {
    expect(new X509Certificate(ca.certificatePem).toLegacyObject().subject).toEqual(
      Object.assign(Object.create(null), { CN: 'Test, CN=authority' }),
    )
  })

  it('gives PEM text with a key that belongs to the certificate', () => {
    expect(ca.certificatePem).toMatch(
      /^-----BEGIN CERTIFICATE-----\n[^-]+\n-----END CERTIFICATE-----\n$/,
    )
    expect(ca.privateKeyPem).toMatch(
      /^-----BEGIN PRIVATE KEY-----\n[^-]+\n-----END PRIVATE KEY-----\n$/,
    )
  })

  it.each([
    ['no name at all', { dnsNames: [], ipAddresses: [] }, 'Pass at least one of'],
    ['an empty common name', { commonName: '' }, 'has 0 characters'],
    ['a common name beyond the standard', { commonName: 'x'.repeat(65) }, 'has 65 characters'],
    ['an end before the start', { notAfter: new Date(0) }, 'would end (1970-01-01T00:00:00.000Z)'],
    ['a date that is none', { notBefore: new Date('soon') }, 'notBefore is not a date.'],
  ])('refuses %s', async (_, wrong, message) => {
    await expect(
      createLocalCa({ commonName: 'Test', ...names, ...caValidity, ...wrong }),
    ).rejects.toThrow(message)
  })
})

describe('issueLeaf', () => {
  it('signs for the names and dates passed in, with a key of its own', () => {
    const certificate = new X509Certificate(leaf.certificatePem)
    expect({
      names: certificate.subjectAltName,
      purposes: certificate.keyUsage,
      notBefore: certificate.validFromDate,
      notAfter: certificate.validToDate,
      isCa: certificate.ca,
    }).toEqual({
      names: 'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1',
      purposes: ['1.3.6.1.5.5.7.3.1'],
      ...leafValidity,
      isCa: false,
    })
    expect(leaf.privateKeyPem).not.toBe(ca.privateKeyPem)
  })

  it('gives each certificate its own positive serial number of 16 bytes', async () => {
    const again = await issueLeaf({ ca, ...names, ...leafValidity })
    const serials = [ca, leaf, again].map(
      (one) => new X509Certificate(one.certificatePem).serialNumber,
    )
    expect(new Set(serials).size).toBe(3)
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{31}$/)
  })

  it('signs for a subdomain of a permitted name', async () => {
    const sub = await issueLeaf({
      ca,
      ...leafValidity,
      dnsNames: ['a.localhost'],
      ipAddresses: [],
    })
    expect(new X509Certificate(sub.certificatePem).subjectAltName).toBe('DNS:a.localhost')
  })

  it('refuses names that the authority may not vouch for, and names them all', async () => {
    await expect(
      issueLeaf({
        ca,
        ...leafValidity,
        dnsNames: ['localhost', 'example.com'],
        ipAddresses: ['127.0.0.1', '10.0.0.1'],
      }),
    ).rejects.toThrow(
      'The certificate authority may not vouch for example.com, 10.0.0.1: its name constraints do not permit it, and clients would refuse the certificate. Leave the name out, or create a new authority for all the names and have clients trust that one.',
    )
  })

  it('refuses to outlive its authority', async () => {
    await expect(
      issueLeaf({ ca, ...names, ...leafValidity, notAfter: new Date('2056-01-01T00:00:01Z') }),
    ).rejects.toThrow(
      'would end on 2056-01-01T00:00:01.000Z, after its certificate authority, which ends on 2056-01-01T00:00:00.000Z',
    )
  })

  it('may end with its authority, fractions of a second aside', async () => {
    const notAfter = new Date('2037-01-01T00:00:00.900Z')
    const short = await createLocalCa({ commonName: 'Test', ...names, ...caValidity, notAfter })
    const last = await issueLeaf({ ca: short, ...names, ...leafValidity, notAfter })
    expect(new X509Certificate(last.certificatePem).validToDate).toEqual(
      new Date('2037-01-01T00:00:00Z'),
    )
  })

  it('refuses an authority whose key belongs to another certificate', async () => {
    const mixed = { certificatePem: ca.certificatePem, privateKeyPem: leaf.privateKeyPem }
    await expect(issueLeaf({ ca: mixed, ...names, ...leafValidity })).rejects.toThrow(
      'does not belong to its certificate',
    )
  })

  it('refuses to sign with a certificate that has no name constraints', async () => {
    await expect(issueLeaf({ ca: leaf, ...names, ...leafValidity })).rejects.toThrow(
      'has no name constraints',
    )
  })

  it('refuses no name at all', async () => {
    await expect(issueLeaf({ ca, ...leafValidity, dnsNames: [], ipAddresses: [] })).rejects.toThrow(
      'Pass at least one of dnsNames and ipAddresses.',
    )
  })
})

describe('isUsable', () => {
  const asked: UsableQuestion = { at: new Date('2036-04-01T00:00:00Z'), marginDays: 30, ...names }

  it.each<[string, Partial<UsableQuestion>, boolean]>([
    ['in the middle of its time', {}, true],
    ['in its first second', { at: leafValidity.notBefore }, true],
    ['before its time', { at: new Date('2036-02-29T23:59:59Z') }, false],
    ['at its very end without margin', { at: leafValidity.notAfter, marginDays: 0 }, true],
    ['after its end', { at: new Date('2036-06-01T00:00:01Z'), marginDays: 0 }, false],
    ['with exactly the margin left', { at: new Date('2036-05-02T00:00:00Z') }, true],
    ['with less than the margin left', { at: new Date('2036-05-02T00:00:01Z') }, false],
    ['for some of its names', { ipAddresses: ['0:0:0:0:0:0:0:1'] }, true],
    ['for a name in other case', { dnsNames: ['LOCALHOST'] }, true],
    ['for a name it lacks', { dnsNames: ['localhost', 'a.localhost'] }, false],
    ['for an address it lacks', { ipAddresses: ['127.0.0.2'] }, false],
  ])('%s: %s → %s', (_, change, expected) => {
    expect(isUsable(leaf.certificatePem, { ...asked, ...change })).toBe(expected)
  })

  it('is false for text that is no certificate', () => {
    expect(isUsable('', asked)).toBe(false)
    expect(isUsable(leaf.certificatePem.slice(0, 200), asked)).toBe(false)
  })

  it('tells the authority that signed it from another of the same name', async () => {
    const other = await createLocalCa({ commonName: 'Test, CN=authority', ...names, ...caValidity })
    const usableWith = (caCertificatePem: string) =>
      isUsable(leaf.certificatePem, { ...asked, caCertificatePem })
    expect(usableWith(ca.certificatePem)).toBe(true)
    expect(usableWith(other.certificatePem)).toBe(false)
  })
})

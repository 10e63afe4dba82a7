import { describe, expect, it } from 'vitest'
import { type HostName, type HostNames, readHostNames } from './host-names.ts'
import {
  constrainTo,
  decodeNameConstraints,
  encodeNameConstraints,
  permits,
} from './name-constraints.ts'

function constraintsFor(names: HostNames) {
  return constrainTo(readHostNames(names))
}

function dns(name: string): HostName[] {
  return readHostNames({ dnsNames: [name], ipAddresses: [] })
}

function ip(address: string): HostName[] {
  return readHostNames({ dnsNames: [], ipAddresses: [address] })
}

describe('name constraints', () => {
  it.each([
    [
      'a name and an IPv4 address: all of IPv6 is excluded',
      { dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] },
      // sequence { [0] { { dNSName localhost } { iPAddress 127.0.0.1/32 } } [1] { { iPAddress ::/0 } } }
      `3041a019300b82096c6f63616c686f7374300a87087f000001ffffffffa12430228720${'00'.repeat(32)}`,
    ],
    [
      'a name only: all addresses are excluded',
      { dnsNames: ['a'], ipAddresses: [] },
      `3039a0053003820161a130300a8708${'00'.repeat(8)}30228720${'00'.repeat(32)}`,
    ],
    [
      'an address only: all DNS names are excluded',
      { dnsNames: [], ipAddresses: ['127.0.0.1', '::1'] },
      `3038a030300a87087f000001ffffffff30228720${'00'.repeat(15)}01${'ff'.repeat(16)}a10430028200`,
    ],
  ])('are written for %s', (_, names, hex) => {
    expect(encodeNameConstraints(constraintsFor(names)).toString('hex')).toBe(hex)
  })

  it('are read back as written, also when long enough for lengths of several bytes', () => {
    const constraints = constraintsFor({
      dnsNames: Array.from({ length: 40 }, (_, i) => `server-${i}.internal.example`),
      ipAddresses: ['10.0.0.7'],
    })
    const encoded = encodeNameConstraints(constraints)
    expect(encoded.length).toBeGreaterThan(1024)
    expect(decodeNameConstraints(encoded)).toEqual(constraints)
  })

  it.each([
    ['localhost', true],
    ['a.localhost', true],
    ['b.a.localhost', true],
    ['notlocalhost', false],
    ['localhost.example.com', false],
    ['example.com', false],
  ])('for localhost permit %s: %s', (name, expected) => {
    const constraints = constraintsFor({ dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] })
    expect(dns(name).map((one) => permits(constraints, one))).toEqual([expected])
  })

  it.each([
    ['127.0.0.1', true],
    ['127.0.0.2', false],
    ['::1', false],
    ['::ffff:127.0.0.1', false],
  ])('for 127.0.0.1 permit %s: %s', (address, expected) => {
    const constraints = constraintsFor({ dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] })
    expect(ip(address).map((one) => permits(constraints, one))).toEqual([expected])
  })

  it('permit no address when only DNS names are given, and no DNS name when only addresses are', () => {
    const nameOnly = constraintsFor({ dnsNames: ['localhost'], ipAddresses: [] })
    const addressOnly = constraintsFor({ dnsNames: [], ipAddresses: ['::1'] })
    expect(
      [...ip('127.0.0.1'), ...ip('::1'), ...dns('localhost')].map((n) => permits(nameOnly, n)),
    ).toEqual([false, false, true])
    expect(
      [...ip('127.0.0.1'), ...ip('::1'), ...dns('localhost')].map((n) => permits(addressOnly, n)),
    ).toEqual([false, true, false])
  })

  it.each([
    ['an e-mail subtree', '3009a00730058103614062', 'Use one made by createLocalCa.'],
    ['an unknown list', '3002a200', 'Use one made by createLocalCa.'],
    ['no sequence', '0500', 'Use one made by createLocalCa.'],
    ['a subtree with a maximum', '300aa0083006820161810105', 'Use one made by'],
    ['bytes cut short', '3041a019', 'cannot be read'],
    ['the indefinite length', '30800000', 'cannot be read'],
  ])('are not guessed at: %s is refused', (_, hex, message) => {
    expect(() => decodeNameConstraints(Buffer.from(hex, 'hex'))).toThrow(message)
  })
})

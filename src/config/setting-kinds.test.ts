import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  days,
  guid,
  issuer,
  type Kind,
  languageTag,
  limit,
  listenAddress,
  network,
  onOrOff,
  safeOrigin,
  seconds,
  shortName,
  webAddress,
  webHost,
  webHostPattern,
  webOrigin,
} from './setting-kinds.ts'

const tenant = '3f2a7c1e-0d4b-4a55-9c1e-7b2f00c0ffee'

const read: readonly (readonly [string, Kind<unknown>, string, unknown])[] = [
  ['an IPv4 address and port', listenAddress, '127.0.0.1:8443', { host: '127.0.0.1', port: 8443 }],
  ['an IPv6 address and port', listenAddress, '[::1]:0', { host: '::1', port: 0 }],
  ['a name and port', listenAddress, 'localhost:65535', { host: 'localhost', port: 65_535 }],
  ['an origin', webOrigin, 'https://Pomona.Example.com:443/', 'https://pomona.example.com'],
  ['a base address', webAddress, 'http://127.0.0.1:9/mdm/v2/', 'http://127.0.0.1:9/mdm/v2'],
  ['an origin on this machine', safeOrigin, 'http://[::1]:8080', 'http://[::1]:8080'],
  ['a network', network, '10.0.0.0/8', '10.0.0.0/8'],
  ['a single address', network, '192.0.2.7', '192.0.2.7/32'],
  ['a single IPv6 address', network, 'fd00::1', 'fd00::1/128'],
  ['a host', webHost, 'Store.Example.com', 'store.example.com'],
  ['a host and port', webHost, '127.0.0.1:8080', '127.0.0.1:8080'],
  ['every name below a domain', webHostPattern, '*.mzstatic.com', '*.mzstatic.com'],
  ['one host', webHostPattern, 'img.example', 'img.example'],
  ['a name', shortName, ' Pomona at harbour.example ', 'Pomona at harbour.example'],
  ['the longest name', shortName, 'n'.repeat(90), 'n'.repeat(90)],
  ['a language', languageTag, 'de', 'de'],
  ['a language of a country', languageTag, 'en-GB', 'en-gb'],
  ['days', days, '90', 90],
  ['no end', days, 'forever', undefined],
  ['the longest wait', seconds(60), '60', 60],
  ['a limit', limit, '200', 200],
  ['no limit', limit, 'off', undefined],
  ['a switch', onOrOff, 'true', true],
  ['an id in capitals', guid, tenant.toUpperCase(), tenant],
  [
    'an issuer and its tenants',
    issuer,
    `https://login.example/a=${tenant},${tenant.toUpperCase()}`,
    { issuer: 'https://login.example/a', tenants: [tenant, tenant] },
  ],
  [
    'an issuer that names its tenant itself',
    issuer,
    'https://login.example/{tid}/v2.0',
    { issuer: 'https://login.example/{tid}/v2.0', tenants: 'fromIssuer' },
  ],
  [
    'an issuer with both',
    issuer,
    `https://login.example/{tid}=${tenant}`,
    { issuer: 'https://login.example/{tid}', tenants: [tenant] },
  ],
]

const refused: readonly (readonly [string, Kind<unknown>, string, string])[] = [
  ['a port alone', listenAddress, '8443', 'Give a host and a port'],
  ['a port too high', listenAddress, 'localhost:65536', 'Give a host and a port'],
  ['an IPv6 address without brackets', listenAddress, '::1:80', 'Give a host and a port'],
  ['an origin with a path', webOrigin, 'https://a.example/pomona', 'host and port alone'],
  ['an origin with credentials', webOrigin, 'https://u:p@a.example', 'host and port alone'],
  ['another scheme', webOrigin, 'ftp://a.example', 'absolute http or https URL'],
  ['plain http to another machine', safeOrigin, 'http://a.example', 'Give an https address'],
  ['a network that is too long', network, '10.0.0.0/33', 'Give an address or a network'],
  ['a name as network', network, 'proxy.example', 'Give an address or a network'],
  ['a network with two lengths', network, '10.0.0.0/8/8', 'Give an address or a network'],
  ['a limit of nothing', limit, '0', 'Give a whole number from 1 up, or off'],
  ['an address in place of a host', webHost, 'https://store.example', 'Give a host'],
  ['a host with a path', webHost, 'store.example/a', 'Give a host'],
  ['a host with credentials', webHost, 'u:p@store.example', 'Give a host'],
  ['every host', webHost, '*.apple.com', 'Give a host'],
  ['every name there is', webHostPattern, '*', 'Give a host'],
  ['names in the middle', webHostPattern, 'a.*.example', 'Give a host'],
  ['a name that is too long', shortName, 'n'.repeat(91), 'Give at most 90 characters'],
  ['a name of two lines', shortName, 'a\nb', 'Give at most 90 characters'],
  ['a language by its name', languageTag, 'German', 'Give a language tag'],
  ['more than one language', languageTag, 'de,en', 'Give a language tag'],
  ['no days', days, '0', 'Give whole days'],
  ['no wait', seconds(60), '0', 'Give whole seconds from 1 to 60.'],
  ['too long a wait', seconds(60), '61', 'Give whole seconds from 1 to 60.'],
  ['half a day', days, '0.5', 'Give whole days'],
  ['another word for yes', onOrOff, 'yes', 'Give true or false'],
  ['an issuer without tenants', issuer, 'https://login.example', 'Give the issuer’s URL'],
  ['an issuer with an odd tenant', issuer, 'https://login.example=T', 'Give the issuer’s URL'],
  ['an issuer with two marks', issuer, 'https://a.example/{tid}/{tid}', 'Give the issuer’s URL'],
  ['an issuer over http', issuer, `http://login.example=${tenant}`, 'Give an https URL'],
]

describe('a value of a setting', () => {
  test.each(read)('%s is read', (_, kind, text, value) => {
    expect(kind.parse(text)).toEqual(value)
  })

  test.each(refused)('%s is refused with what is expected', (_, kind, text, message) => {
    expect(() => kind.parse(text)).toThrow(message)
  })

  test.each(read)(
    '%s is written as a text that reads as the same value',
    (_, kind, text, value) => {
      expect(kind.parse(kind.format(kind.parse(text)))).toEqual(value)
    },
  )

  test('any network and any listening address come back from their text', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), (address, bits) => {
        expect(network.parse(network.format(`${address}/${bits}`))).toBe(`${address}/${bits}`)
      }),
    )
    fc.assert(
      fc.property(
        fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain()),
        fc.integer({ min: 0, max: 65_535 }),
        (host, port) => {
          expect(listenAddress.parse(listenAddress.format({ host, port }))).toEqual({ host, port })
        },
      ),
    )
  })
})

import { describe, expect, it } from 'vitest'
import { knownOrigins, originsOfListener, publicOrigins } from './host-names.ts'

describe('the origin of a request', () => {
  const known = knownOrigins([
    'https://graph.microsoft.com',
    'https://localhost:8443',
    'https://[::1]:8443',
    'http://plain.example:8080',
    'https://plain.example:8080',
  ])

  it.each([
    ['graph.microsoft.com', undefined, 'https://graph.microsoft.com'],
    ['Graph.Microsoft.COM', undefined, 'https://graph.microsoft.com'],
    ['graph.microsoft.com:443', undefined, 'https://graph.microsoft.com'],
    ['graph.microsoft.com', 'http:', 'https://graph.microsoft.com'],
    ['localhost:8443', undefined, 'https://localhost:8443'],
    ['[::1]:8443', undefined, 'https://[::1]:8443'],
    ['plain.example:8080', 'http:', 'http://plain.example:8080'],
    ['plain.example:8080', 'https:', 'https://plain.example:8080'],
    ['localhost', undefined, undefined],
    ['localhost:8444', undefined, undefined],
    ['evil.graph.microsoft.com', undefined, undefined],
    ['graph.microsoft.com.evil.example', undefined, undefined],
    ['graph.microsoft.com@evil.example', undefined, undefined],
    ['evil.example@graph.microsoft.com', undefined, undefined],
    ['graph.microsoft.com/evil', undefined, undefined],
    ['graph.microsoft.com?evil', undefined, undefined],
    ['graph.microsoft.com, evil.example', undefined, undefined],
    ['', undefined, undefined],
    [undefined, undefined, undefined],
  ])('with the Host %s over %s is %s', (host, protocol, origin) => {
    expect(known.originFor(host, protocol)).toBe(origin)
  })
})

describe('the origins of a listener', () => {
  const own = ['https://localhost:8443', 'https://127.0.0.1:8443', 'https://[::1]:8443']
  const configured = ['https://pomona.example']

  it.each([
    ['127.0.0.1', [], own],
    ['localhost', [], own],
    ['0.0.0.0', [], own],
    ['::', [], own],
    ['192.0.2.7', [], [...own, 'https://192.0.2.7:8443']],
    ['2001:db8::7', [], [...own, 'https://[2001:db8::7]:8443']],
    ['127.0.0.1', configured, [...configured, ...own]],
    ['::1', configured, [...configured, ...own]],
    ['192.0.2.7', configured, configured],
    ['0.0.0.0', configured, configured],
  ])('on %s with %j public ones are %j', (host, publicOnes, all) => {
    const origins = originsOfListener({
      scheme: 'https',
      host,
      port: 8443,
      publicOrigins: publicOnes,
    })
    expect(origins.all).toEqual(all)
    expect(origins.main).toBe(all[0])
  })
})

describe('a public origin', () => {
  it('is scheme, host and port', () => {
    expect(
      publicOrigins(['https://Pomona.example/', 'http://pomona.example:80', 'https://[::1]:8443']),
    ).toEqual(['https://pomona.example', 'http://pomona.example', 'https://[::1]:8443'])
  })

  it.each([
    'pomona.example',
    'ftp://pomona.example',
    'https://pomona.example/graph',
    'https://pomona.example?a=b',
    'https://user@pomona.example',
    '',
  ])('is not %j', (text) => {
    expect(() => publicOrigins([text])).toThrow(
      expect.objectContaining({
        code: 'misconfigured',
        property: 'public-origin',
        message: expect.stringContaining(`'${text}'`),
      }),
    )
  })
})

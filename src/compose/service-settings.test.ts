import { describe, expect, it } from 'vitest'
import {
  requireAppleUrl,
  requireIssuers,
  requireTls,
  type ServiceSettings,
} from './service-settings.ts'

const base: ServiceSettings = {
  'data-dir': '/data',
  'key-file': '/key',
  listen: { host: '127.0.0.1', port: 8443 },
  'apple-mode': 'off',
  'apple-url': undefined,
  'apple-ca': undefined,
}
const everywhere = { listen: { host: '0.0.0.0', port: 8443 } }
const files = { 'tls-cert': 'a.pem', 'tls-key': 'b.pem' }

describe('how the service speaks', () => {
  it.each<[string, Partial<ServiceSettings>, object]>([
    ['through its own CA when nothing is said', {}, { kind: 'localCa' }],
    ['with given files', files, { kind: 'files', certFile: 'a.pem', keyFile: 'b.pem' }],
    ['in the clear on loopback', { 'no-tls': true }, { kind: 'none' }],
    [
      'in the clear behind trusted proxies',
      { 'no-tls': true, ...everywhere, 'trusted-proxy': ['10.0.0.0/8'] },
      { kind: 'none' },
    ],
    ['through its own CA when told not to go without', { 'no-tls': false }, { kind: 'localCa' }],
  ])('%s', (_, change, choice) => {
    expect(requireTls({ ...base, ...change })).toEqual(choice)
  })

  it.each<[string, Partial<ServiceSettings>, string, string]>([
    ['in the clear to everybody', { 'no-tls': true, ...everywhere }, 'no-tls', '--trusted-proxy'],
    ['in the clear and with files', { 'no-tls': true, ...files }, 'no-tls', 'contradicts'],
    ['with a certificate alone', { 'tls-cert': 'a.pem' }, 'tls-key', 'Give --tls-key'],
    ['with a key alone', { 'tls-key': 'b.pem' }, 'tls-cert', 'Give --tls-cert'],
  ])('is not %s', (_, change, property, told) => {
    expect(() => requireTls({ ...base, ...change })).toThrow(
      expect.objectContaining({
        code: 'misconfigured',
        property,
        message: expect.stringContaining(told),
      }),
    )
  })
})

describe('the address of Apple', () => {
  it.each([
    ['of another host', 'https://apple.example/mdm/v2'],
    ['in the clear', 'http://vpp.itunes.apple.com/mdm/v2'],
    ['at another port', 'https://vpp.itunes.apple.com:8443/mdm/v2'],
  ])('%s gets no content token in mode live', (_, url) => {
    expect(() => requireAppleUrl({ ...base, 'apple-mode': 'live', 'apple-url': url })).toThrow(
      expect.objectContaining({ code: 'misconfigured', property: 'apple-url' }),
    )
  })

  it.each(['https://user:secret@vpp.itunes.apple.com', 'https://vpp.itunes.apple.com/?x=1'])(
    '%s is refused in every mode, without repeating it',
    (url) => {
      const ask = () => requireAppleUrl({ ...base, 'apple-mode': 'simulated', 'apple-url': url })
      expect(ask).toThrow(expect.objectContaining({ property: 'apple-url' }))
      expect(ask).not.toThrow('secret')
    },
  )

  it('is Apple’s own unless another one is asked for', () => {
    expect(requireAppleUrl({ ...base, 'apple-mode': 'live' })).toBe(
      'https://vpp.itunes.apple.com/mdm/v2',
    )
  })
})

describe('audiences', () => {
  it('without an issuer contradict themselves', () => {
    expect(() => requireIssuers({ ...base, 'issuer-audience': ['api://pomona'] })).toThrow(
      expect.objectContaining({ code: 'misconfigured', property: 'issuer-audience' }),
    )
    expect(requireIssuers({ ...base, 'issuer-audience': [] })).toEqual([])
  })
})

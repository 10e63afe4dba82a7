import { describe, expect, it } from 'vitest'
import {
  lookupChoice,
  requireAppleUrl,
  requireIssuers,
  requireLookupHosts,
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

describe('the lookup of names and icons', () => {
  const apples = 'https://vpp.itunes.apple.com/mdm/v2'
  const standIn = 'http://simulator.example:8080/worlds/a/mdm/v2'

  it('is Apple’s in mode live', () => {
    expect(lookupChoice({ ...base, 'apple-mode': 'live' }, apples)).toEqual({
      lookup: {
        fallbackUrl:
          'https://uclient-api.itunes.apple.com/WebObjects/MZStorePlatform.woa/wa/lookup',
        credentialHosts: ['uclient-api.itunes.apple.com'],
        isSimulated: false,
      },
      iconHosts: ['*.mzstatic.com'],
    })
  })

  it('is the stand-in’s, and nobody else’s, in mode simulated', () => {
    expect(lookupChoice({ ...base, 'apple-mode': 'simulated' }, standIn)).toEqual({
      lookup: {
        fallbackUrl: 'http://simulator.example:8080/WebObjects/MZStorePlatform.woa/wa/lookup',
        credentialHosts: ['simulator.example:8080'],
        isSimulated: true,
      },
      iconHosts: ['simulator.example:8080'],
    })
  })

  it('may have an address of its own, which gets no content token in mode live by that alone', () => {
    const url = 'https://mirror.example/lookup'
    const live = lookupChoice({ ...base, 'apple-mode': 'live', 'apple-lookup-url': url }, apples)
    expect(live.lookup).toMatchObject({
      url,
      credentialHosts: ['uclient-api.itunes.apple.com'],
    })
    const simulated = { ...base, 'apple-mode': 'simulated', 'apple-lookup-url': url } as const
    expect(lookupChoice(simulated, standIn).lookup).toMatchObject({
      url,
      credentialHosts: ['simulator.example:8080', 'mirror.example'],
    })
  })

  it('sends content tokens to, and takes icons from, the given hosts alone', () => {
    const given = { 'apple-lookup-host': ['a.apple.com'], 'apple-icon-host': ['img.example'] }
    const { lookup, iconHosts } = lookupChoice({ ...base, 'apple-mode': 'live', ...given }, apples)
    expect(lookup.credentialHosts).toEqual(['a.apple.com'])
    expect(iconHosts).toEqual(['img.example'])
  })

  it.each(['store.example', 'apple.com.example', 'evilapple.com', 'a.apple.com:8443'])(
    'does not send content tokens to %s in mode live',
    (host) => {
      const given = { ...base, 'apple-lookup-host': [host] } as const
      expect(() => requireLookupHosts({ ...given, 'apple-mode': 'live' })).toThrow(
        expect.objectContaining({ code: 'misconfigured', property: 'apple-lookup-host' }),
      )
      expect(requireLookupHosts({ ...given, 'apple-mode': 'simulated' })).toEqual([host])
    },
  )
})

describe('audiences', () => {
  it('without an issuer contradict themselves', () => {
    expect(() => requireIssuers({ ...base, 'issuer-audience': ['api://pomona'] })).toThrow(
      expect.objectContaining({ code: 'misconfigured', property: 'issuer-audience' }),
    )
    expect(requireIssuers({ ...base, 'issuer-audience': [] })).toEqual([])
  })
})

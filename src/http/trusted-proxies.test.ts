import { describe, expect, it } from 'vitest'
import { trustedProxies } from './trusted-proxies.ts'

const proxies = trustedProxies(['10.0.0.0/8', '192.0.2.7', 'fd00::/8'])

describe('who asks', () => {
  it.each([
    ['198.51.100.1', undefined, '198.51.100.1', 'a stranger without a word'],
    ['198.51.100.1', '203.0.113.9', '198.51.100.1', 'a stranger, whatever it says'],
    ['10.0.0.1', undefined, '10.0.0.1', 'a trusted proxy that says nothing'],
    ['10.0.0.1', '203.0.113.9', '203.0.113.9', 'whom a trusted proxy names'],
    ['::ffff:10.0.0.1', '203.0.113.9', '203.0.113.9', 'the same over an IPv6 socket'],
    ['10.0.0.1', '203.0.113.9, 10.0.0.2', '203.0.113.9', 'whom the outer one of two names'],
    ['10.0.0.1', '1.1.1.1, 203.0.113.9', '203.0.113.9', 'the last stranger, not what it made up'],
    ['10.0.0.1', '1.1.1.1, 203.0.113.9, 192.0.2.7', '203.0.113.9', 'the same behind two'],
    ['10.0.0.1', '192.0.2.8, 10.0.0.2', '192.0.2.8', 'the neighbour of a trusted one'],
    ['10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3', 'a proxy itself, when no stranger is named'],
    ['10.0.0.1', '203.0.113.9:4711', '203.0.113.9', 'an address with its port'],
    ['fd00::1', '[2001:db8::9]:4711', '2001:db8::9', 'an IPv6 address with its port'],
    ['fd00::1%eth0', '2001:db8::9', '2001:db8::9', 'whom a proxy with a zone names'],
    ['10.0.0.1', '::ffff:203.0.113.9', '203.0.113.9', 'an IPv4 address written as IPv6'],
    ['10.0.0.1', '203.0.113.9, unknown', '10.0.0.1', 'the proxy, when it cannot say who asked it'],
    ['10.0.0.1', 'evil', '10.0.0.1', 'the proxy, when it names no address'],
    ['10.0.0.1', ' , ,203.0.113.9 ,', '203.0.113.9', 'the address between empty places'],
    ['', '203.0.113.9', '', 'nobody, on a connection without an address'],
  ])('from %j saying %j is %j: %s', (address, forwardedFor, remoteAddress, _) => {
    const seen = proxies.seenFrom(address, { 'x-forwarded-for': forwardedFor })
    expect(seen).toEqual({ remoteAddress })
  })
})

describe('host and protocol', () => {
  const told = { 'x-forwarded-host': 'pomona.example', 'x-forwarded-proto': 'HTTPS' }

  it('are taken from a trusted proxy', () => {
    expect(proxies.seenFrom('10.0.0.1', told)).toEqual({
      remoteAddress: '10.0.0.1',
      host: 'pomona.example',
      protocol: 'https:',
    })
  })

  it('are taken from nobody else', () => {
    expect(proxies.seenFrom('11.0.0.1', told)).toEqual({ remoteAddress: '11.0.0.1' })
    expect(trustedProxies([]).seenFrom('127.0.0.1', told)).toEqual({ remoteAddress: '127.0.0.1' })
  })

  it('are those that the nearest proxy wrote, when there are several', () => {
    const several = { 'x-forwarded-host': 'evil.example, pomona.example', 'x-forwarded-proto': 'x' }
    expect(proxies.seenFrom('10.0.0.1', several)).toEqual({
      remoteAddress: '10.0.0.1',
      host: 'pomona.example',
    })
  })

  it('are not taken from the header of the standard, which a proxy may pass on as it came', () => {
    const forwarded = 'for=203.0.113.9;host=pomona.example;proto=https'
    expect(proxies.seenFrom('10.0.0.1', { forwarded })).toEqual({ remoteAddress: '10.0.0.1' })
  })
})

describe('a range', () => {
  it.each([
    ['0.0.0.0/0', '203.0.113.9', true],
    ['::/0', '2001:db8::1', true],
    ['::/0', '203.0.113.9', true],
    ['10.1.2.3/16', '10.1.255.255', true],
    ['10.1.2.3/16', '10.2.0.0', false],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['127.0.0.1', '127.0.0.2', false],
  ])('%s, asked about %s: %s', (range, address, isTrusted) => {
    expect(trustedProxies([range]).trusts(address)).toBe(isTrusted)
  })

  it.each(['', '10.0.0', '10.0.0.0/33', '::/129', '10.0.0.0/', '10.0.0.0/8/8', 'proxy.example'])(
    'is not %j',
    (range) => {
      expect(() => trustedProxies([range])).toThrow(
        expect.objectContaining({ code: 'misconfigured', property: 'trusted-proxy' }),
      )
    },
  )
})

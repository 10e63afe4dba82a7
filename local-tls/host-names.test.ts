import { describe, expect, it } from 'vitest'
import { readHostNames } from './host-names.ts'

describe('host names', () => {
  it('are lower-cased, listed once each, DNS names first', () => {
    expect(
      readHostNames({
        dnsNames: ['LocalHost', 'localhost', 'my_box.internal'],
        ipAddresses: ['127.0.0.1', '127.0.0.1'],
      }),
    ).toEqual([
      { kind: 'dns', text: 'localhost' },
      { kind: 'dns', text: 'my_box.internal' },
      { kind: 'ip', text: '127.0.0.1', bytes: Buffer.from([127, 0, 0, 1]) },
    ])
  })

  it.each([
    ['0.0.0.0', '00000000'],
    ['192.168.1.20', 'c0a80114'],
    ['::', '00000000000000000000000000000000'],
    ['::1', '00000000000000000000000000000001'],
    ['0:0:0:0:0:0:0:1', '00000000000000000000000000000001'],
    ['fe80::', 'fe800000000000000000000000000000'],
    ['2001:DB8::a:0:1', '20010db8000000000000000a00000001'],
    ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
    ['::ffff:127.0.0.1', '00000000000000000000ffff7f000001'],
  ])('the address %s becomes the bytes %s', (text, hex) => {
    expect(readHostNames({ dnsNames: [], ipAddresses: [text] })).toEqual([
      { kind: 'ip', text, bytes: Buffer.from(hex, 'hex') },
    ])
  })

  it.each([
    '',
    '.',
    '.localhost',
    'localhost.',
    'a..b',
    '*.localhost',
    'localhost:443',
    '-a',
    'a-',
    'ü',
  ])('refuse %j as a DNS name', (name) => {
    expect(() => readHostNames({ dnsNames: [name], ipAddresses: [] })).toThrow(
      `"${name}" is not a DNS name that a certificate can carry.`,
    )
  })

  it('refuse an address among the DNS names and say where it belongs', () => {
    expect(() => readHostNames({ dnsNames: ['127.0.0.1'], ipAddresses: [] })).toThrow(
      'Move it to ipAddresses.',
    )
  })

  it.each(['', 'localhost', '127.0.0.1/32', '127.0.0.01', '127.1', '[::1]', 'fe80::1%eth0'])(
    'refuse %j as an address',
    (address) => {
      expect(() => readHostNames({ dnsNames: [], ipAddresses: [address] })).toThrow(
        `"${address}" is not an IP address.`,
      )
    },
  )
})

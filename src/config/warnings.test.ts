import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { issueLeaf } from '../../local-tls/leaf.ts'
import { createLocalCa } from '../../local-tls/local-ca.ts'
import { resolveSettings } from './read-settings.ts'
import { serviceSettingNames } from './settings.ts'
import { warnings } from './warnings.ts'

let certFile = ''
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pomona-warnings-'))
  certFile = join(folder, 'cert.pem')
  const names = { dnsNames: ['pomona.example.com'], ipAddresses: ['192.0.2.7'] }
  const validity = {
    notBefore: new Date('2026-11-01T00:00:00Z'),
    notAfter: new Date('2027-11-01T00:00:00Z'),
  }
  const ca = await createLocalCa({ commonName: 'Test CA', ...names, ...validity })
  const leaf = await issueLeaf({ ca, ...names, ...validity })
  await writeFile(certFile, leaf.certificatePem)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

type Flag = readonly [name: string, text: string]

function warned(...flags: readonly Flag[]): readonly string[] {
  const given = Object.fromEntries(flags.map(([name, text]) => [name, [text]]))
  const { values } = resolveSettings(serviceSettingNames, { flags: given, variables: {} })
  return warnings(values).map(({ setting }) => setting)
}

const everywhere: Flag = ['listen', '0.0.0.0:8443']

const cases: readonly (readonly [string, readonly Flag[], readonly string[]])[] = [
  ['nothing given', [], []],
  ['every address without a name', [everywhere], ['public-origin']],
  ['every IPv6 address without a name', [['listen', '[::]:8443']], ['public-origin']],
  ['every address with a name', [everywhere, ['public-origin', 'https://p.example']], []],
  ['an address of its own', [['listen', '192.0.2.7:8443']], []],
  ['an address at fault, which is told elsewhere', [['listen', 'x']], []],
  ['Apple’s own address', [['apple-url', 'https://vpp.itunes.apple.com/mdm/v2']], []],
  ['the simulator’s address', [['apple-url', 'http://127.0.0.1:1/w/main/mdm/v2/']], []],
  ['an address that lacks its path', [['apple-url', 'http://127.0.0.1:1/mdm']], ['apple-url']],
]
test.each(cases)('%s', (_, flags, settings) => {
  expect(warned(...flags)).toEqual(settings)
})

test('a certificate is to name what clients call the service by', () => {
  const withCertificate = (...flags: readonly Flag[]) => warned(['tls-cert', certFile], ...flags)
  expect(withCertificate(['public-origin', 'https://pomona.example.com:8443'])).toEqual([])
  expect(withCertificate(['listen', '192.0.2.7:8443'])).toEqual([])
  expect(withCertificate(['public-origin', 'https://other.example.com'])).toEqual(['tls-cert'])
  expect(withCertificate(['listen', '192.0.2.8:8443'])).toEqual(['tls-cert'])
  expect(withCertificate()).toEqual(['tls-cert'])
  expect(warned(['tls-cert', join(folder, 'absent.pem')])).toEqual([])
})

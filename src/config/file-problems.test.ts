import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { issueLeaf } from '../../local-tls/leaf.ts'
import { createLocalCa } from '../../local-tls/local-ca.ts'
import { fileProblems } from './file-problems.ts'
import { resolveSettings } from './read-settings.ts'
import { serviceSettingNames } from './settings.ts'

const now = new Date('2026-11-22T09:00:00Z')
const names = { dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] }
const validity = {
  notBefore: new Date('2026-11-01T00:00:00Z'),
  notAfter: new Date('2027-11-01T00:00:00Z'),
}

let folder = ''
const at = (name: string) => join(folder, name)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pomona-files-'))
  const ca = await createLocalCa({ commonName: 'Test CA', ...names, ...validity })
  const [one, other] = await Promise.all([1, 2].map(() => issueLeaf({ ca, ...names, ...validity })))
  await writeFile(at('cert.pem'), one?.certificatePem ?? '')
  await writeFile(at('key.pem'), one?.privateKeyPem ?? '')
  await writeFile(at('other-key.pem'), other?.privateKeyPem ?? '')
  await writeFile(at('plain.txt'), 'hello')
  await writeFile(at('open-key.json'), '{}')
  await chmod(at('open-key.json'), 0o644)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function problemsWith(given: Readonly<Record<string, string>>, date = now) {
  const flags = Object.fromEntries(
    Object.entries({ 'data-dir': at('data'), 'key-file': at('key.json'), ...given }).map(
      ([name, value]) => [name, [value]],
    ),
  )
  const resolved = resolveSettings(serviceSettingNames, { flags, variables: {} })
  expect(resolved.problems).toEqual([])
  return (await fileProblems(resolved, date)).map(
    ({ setting, message }) => `${setting}: ${message}`,
  )
}

describe('the files that settings name', () => {
  test('are sound when they fit, and when folder and key are still to be made; nothing is made', async () => {
    const before = await readdir(folder)
    const pair = { 'tls-cert': at('cert.pem'), 'tls-key': at('key.pem') }
    expect(await problemsWith({ ...pair, 'apple-ca': at('cert.pem') })).toEqual([])
    expect(await readdir(folder)).toEqual(before)
  })

  test.each([
    [
      'a key of another certificate',
      { 'tls-cert': 'cert.pem', 'tls-key': 'other-key.pem' },
      'other-key.pem',
    ],
    ['a certificate that is absent', { 'tls-cert': 'absent', 'tls-key': 'key.pem' }, 'absent'],
    ['a key that is none', { 'tls-cert': 'cert.pem', 'tls-key': 'plain.txt' }, 'plain.txt'],
    ['a CA that is none', { 'apple-ca': 'plain.txt' }, 'holds no PEM certificate'],
    ['a CA that is absent', { 'apple-ca': 'absent' }, 'cannot be read'],
    ['a data folder that is a file', { 'data-dir': 'plain.txt' }, 'which is no folder'],
    ['a data folder below a file', { 'data-dir': 'plain.txt/data' }, 'cannot be made in'],
    ['a key file open to others', { 'key-file': 'open-key.json' }, 'chmod 600'],
  ])('%s is told', async (_, files, message) => {
    const given = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, at(file)]))
    const found = await problemsWith(given)
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(message)
  })

  test.runIf(existsSync('/proc'))('a data folder where nobody can make one is told', async () => {
    const [problem] = await problemsWith({ 'data-dir': '/proc/nope/data' })
    expect(problem).toMatch(
      /^data-dir: The data folder '\/proc\/nope\/data' .* cannot be made in '\/proc' \(E\w+\)/,
    )
  })

  test('a certificate that has expired is told', async () => {
    const pair = { 'tls-cert': at('cert.pem'), 'tls-key': at('key.pem') }
    const [problem] = await problemsWith(pair, new Date('2028-01-01T00:00:00Z'))
    expect(problem).toContain('2027-11-01')
  })
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { asSettingsFile, dumpSettings } from './dump-settings.ts'
import { readSettings, resolveSettings } from './read-settings.ts'
import { serviceSettingNames } from './settings.ts'
import { readSettingsFile } from './settings-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'pomona-settings-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let fileCount = 0
function fileOf(text: string): string {
  fileCount += 1
  const path = join(folder, `${fileCount}.json`)
  writeFileSync(path, text)
  return path
}
const settingsFile = (value: unknown) => readSettingsFile(fileOf(JSON.stringify(value)))

type Given = Partial<Parameters<typeof resolveSettings>[1]>
const sources = ({ flags = {}, variables = {}, ...file }: Given) => ({ flags, variables, ...file })
const resolve = (given: Given) => resolveSettings(serviceSettingNames, sources(given))
const problems = (given: Given) => resolve(given).problems.map(({ message }) => message)

describe('settings', () => {
  test('have values when nobody gives any', () => {
    const { values, problems: wrong } = resolve({ flags: { 'data-dir': ['/srv/p'] } })
    expect(wrong).toEqual([])
    expect(values).toMatchObject({
      'data-dir': '/srv/p',
      'storage-url': 'sqlite:/srv/p/pomona.db',
      listen: { host: '127.0.0.1', port: 8443 },
      'public-origin': [],
      'no-tls': false,
      'apple-mode': 'live',
      'apple-url': undefined,
      'retain-audit-days': undefined,
      'retain-runs-days': 90,
      'retain-receipts-days': 90,
    })
  })

  test('come from the flag, else the variable, else the file', () => {
    const file = settingsFile({ listen: 'a:1', 'log-level': 'warn', 'apple-mode': 'off' })
    const variables = { POMONA_LISTEN: 'b:2', POMONA_LOG_LEVEL: 'debug', POMONA_APPLE_MODE: '' }
    const { values, given } = resolve({ flags: { listen: ['c:3'] }, variables, file })
    expect(values.listen).toEqual({ host: 'c', port: 3 })
    expect(values['log-level']).toBe('debug')
    expect(values['apple-mode']).toBe('off')
    expect(given.get('listen')?.place).toBe('--listen')
    expect(given.get('log-level')?.place).toBe('POMONA_LOG_LEVEL')
    expect(given.get('apple-mode')?.place).toBe(`"apple-mode" in ${file.path}`)
  })

  test('that are lists take several flags, a variable with blanks, or an array', () => {
    const origins = ['https://a.example', 'https://b.example']
    for (const given of [
      { flags: { 'public-origin': origins } },
      { variables: { POMONA_PUBLIC_ORIGIN: ` ${origins.join('  ')} ` } },
      { file: settingsFile({ 'public-origin': origins }) },
    ])
      expect(resolve(given).values['public-origin']).toEqual(origins)
  })

  test('in a file may be numbers and true or false', () => {
    const file = settingsFile({ 'retain-runs-days': 7, 'no-tls': true, $note: 'for people' })
    const { values, problems: wrong } = resolve({ file })
    expect([values['retain-runs-days'], values['no-tls'], wrong]).toEqual([7, true, []])
  })

  test.each([
    [
      { variables: { POMONA_LISTN: 'x' } },
      'The variable POMONA_LISTN is no setting of Pomona. Did you mean POMONA_LISTEN?',
    ],
    [
      { flags: { listen: ['x'] } },
      "--listen is 'x'. Give a host and a port, such as 127.0.0.1:8443 or [::1]:8443.",
    ],
    [
      { variables: { POMONA_APPLE_MODE: 'on' } },
      "POMONA_APPLE_MODE is 'on'. Give one of: live, simulated, off.",
    ],
    [{ flags: { listen: ['a:1', 'b:2'] } }, '--listen is given more than once. Keep one.'],
    [
      { flags: { 'storage-url': ['mysql://u:hunter2@h'] } },
      '--storage-url is not usable. Give sqlite: and the path of a file, or postgres://USER@HOST:PORT/DATABASE.',
    ],
    [
      { flags: { 'storage-url': ['sqlite:a'], 'storage-url-file': ['b'] } },
      '--storage-url and --storage-url-file are both given. Keep one.',
    ],
    [
      { flags: { 'storage-url-file': ['/nowhere/url'] } },
      "--storage-url-file names '/nowhere/url', which cannot be read. Check that it exists and that you may read it.",
    ],
  ])('that are wrong are named: %j', (given: Given, message) => {
    expect(problems(given)).toEqual([message])
  })

  test('in a file that are unknown or of the wrong kind are named with their place', () => {
    const file = settingsFile({ lisen: 'a:1', 'public-origin': [7], listen: ['a:1'] })
    expect(problems({ file })).toEqual([
      `"lisen" in ${file.path} is no setting of Pomona. Did you mean listen?`,
      `"public-origin" in ${file.path} has a value of the wrong kind. Give a list of texts.`,
      `"listen" in ${file.path} has a value of the wrong kind. Give one text, number, true or false.`,
    ])
  })

  test('are not taken from a file that is no JSON object, and nothing of it is repeated', () => {
    const path = fileOf('{"storage-url": "postgres://u:hunter2@h')
    expect(() => readSettingsFile(path)).toThrow(
      `The settings file '${path}' is not JSON text with one object.`,
    )
    expect(() => readSettingsFile(path)).not.toThrow('hunter2')
  })

  test('of Kubernetes and of the tests beside the process are passed over', () => {
    const variables = {
      POMONA_SERVICE_HOST: '10.0.0.1',
      POMONA_PORT: 'tcp://10.0.0.1:8443',
      POMONA_PORT_8443_TCP_ADDR: '10.0.0.1',
      POMONA_TEST_ORIGIN: 'x',
    }
    expect(problems({ variables })).toEqual([])
  })

  test('that are secret can lie in a file', () => {
    const path = fileOf('postgres://u:hunter2@h/db\n')
    const { values, given } = resolve({
      variables: { POMONA_STORAGE_URL_FILE: path },
      flags: { 'key-file': ['/k'] },
    })
    expect(values['storage-url']).toBe('postgres://u:hunter2@h/db')
    expect(given.get('storage-url')?.place).toBe('POMONA_STORAGE_URL_FILE')
  })

  test('for one command are judged by the rules that concern them, unknown variables aside', () => {
    const flags = { 'apple-mode': ['simulated'] }
    expect(readSettings(['data-dir'], sources({ flags }))).toHaveProperty('data-dir')
    expect(() => readSettings(['apple-mode', 'apple-url'], sources({ flags }))).toThrow(
      '--apple-url',
    )
    expect(() =>
      readSettings(['data-dir'], sources({ variables: { POMONA_DATADIR: '/x' } })),
    ).toThrow('Did you mean POMONA_DATA_DIR?')
  })
})

const tenant = '3f2a7c1e-0d4b-4a55-9c1e-7b2f00c0ffee'

describe('settings that contradict each other', () => {
  test.each([
    [{ 'tls-cert': ['c'] }, '--tls-key'],
    [{ 'tls-key': ['k'] }, '--tls-cert'],
    [
      { 'no-tls': ['true'], 'tls-cert': ['c'], 'tls-key': ['k'] },
      '--no-tls contradicts --tls-cert',
    ],
    [{ 'no-tls': ['true'], listen: ['0.0.0.0:80'] }, '--no-tls would send'],
    [{ 'storage-url': ['postgres://db/p'] }, '--key-file'],
    [{ 'apple-mode': ['simulated'] }, '--apple-url'],
    [{ 'apple-notifications': ['true'] }, '--public-origin https://'],
    [
      { 'apple-notifications': ['true'], 'public-origin': ['http://a.example'] },
      '--apple-notifications needs an address',
    ],
    [
      { 'apple-url': ['https://else.example'] },
      "In mode 'live' content tokens go to Apple's host alone",
    ],
    [{ 'apple-lookup-host': ['store.example'] }, '--apple-lookup-host names store.example'],
    [{ issuer: [`https://a.example=${tenant}`] }, '--issuer-audience'],
    [{ 'issuer-audience': ['api://p'] }, '--issuer'],
    [
      {
        issuer: [`https://a.example=${tenant}`],
        'issuer-audience': ['https://graph.microsoft.com/'],
      },
      'that of Microsoft Graph',
    ],
    [
      {
        issuer: [`https://a.example=${tenant}`, `https://a.example=${tenant}`],
        'issuer-audience': ['api://p'],
      },
      "--issuer names 'https://a.example' twice",
    ],
  ])('%j is one problem, with what to do', (flags: Given['flags'], message) => {
    const found = problems(flags === undefined ? {} : { flags })
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(message)
  })

  test.each<Given['flags']>([
    { 'no-tls': ['true'], listen: ['[::1]:80'] },
    { 'no-tls': ['true'], listen: ['0.0.0.0:80'], 'trusted-proxy': ['10.0.0.0/8'] },
    { 'storage-url': ['postgres://db/p'], 'key-file': ['/k'] },
    {
      'apple-notifications': ['true'],
      'public-origin': ['http://a.example', 'https://b.example'],
    },
    { issuer: ['https://a.example/{tid}'], 'issuer-audience': ['api://p'] },
  ])('%j is none', (flags) => {
    expect(problems(flags === undefined ? {} : { flags })).toEqual([])
  })
})

describe('the dump of settings', () => {
  const flags = {
    'public-origin': ['https://a.example', 'https://b.example'],
    'trusted-proxy': ['10.1.2.3'],
    issuer: [`https://a.example=${tenant}`, 'https://b.example/{tid}'],
    'issuer-audience': ['api://p'],
    'apple-mode': ['off'],
    'no-tls': ['true'],
    'retain-audit-days': ['30'],
    'retain-runs-days': ['forever'],
  }

  test('is a settings file that gives the same values, and dumps the same again', () => {
    const first = resolve({ flags })
    const file = settingsFile(asSettingsFile(dumpSettings(first)))
    const second = resolve({ file })
    expect(second.problems).toEqual([])
    expect(second.values).toEqual(first.values)
    const withoutPlaces = (resolved: typeof first) =>
      dumpSettings(resolved).map(({ name, value }) => [name, value])
    expect(withoutPlaces(second)).toEqual(withoutPlaces(first))
  })

  test('says where each value comes from', () => {
    const dumped = dumpSettings(resolve({ flags: { listen: ['a:1'] } }))
    expect(dumped.find(({ name }) => name === 'listen')).toEqual({
      name: 'listen',
      value: 'a:1',
      from: '--listen',
    })
    expect(dumped.find(({ name }) => name === 'log-level')).toEqual({
      name: 'log-level',
      value: 'info',
      from: 'default',
    })
  })

  test('shows no password: masked when it was given as such, its file when it came by one', () => {
    const url = 'postgres://u:hunter2@h/db'
    const keyFile = { 'key-file': ['/k'] }
    const masked = dumpSettings(resolve({ flags: { ...keyFile, 'storage-url': [url] } }))
    const path = fileOf(url)
    const byFile = dumpSettings(resolve({ flags: { ...keyFile, 'storage-url-file': [path] } }))
    expect(masked).toContainEqual({
      name: 'storage-url',
      value: 'postgres://u:********@h/db',
      from: '--storage-url',
    })
    expect(byFile).toContainEqual({
      name: 'storage-url-file',
      value: path,
      from: '--storage-url-file',
    })
    expect(JSON.stringify([masked, byFile])).not.toContain('hunter2')
    const again = problems({ file: settingsFile(asSettingsFile(masked)) })
    expect(again).toHaveLength(1)
    expect(again[0]).toContain('It holds a masked password')
  })
})

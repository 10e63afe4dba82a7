/** Settings and the offline inspector, built: what stops a start, what is shown, what it exits with. */
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runWithInput, userFolders } from './cli-world.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pomona-config-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const run = (
  options: readonly string[],
  { input, variables = {} }: { input?: string; variables?: Record<string, string> } = {},
) => runWithInput(options, input, { ...userFolders(folder), ...variables })

async function fileWith(name: string, text: string): Promise<string> {
  const file = join(folder, name)
  await writeFile(file, text)
  return file
}

describe('pomona serve, built', () => {
  test.each([
    ['an unknown flag', ['--lisen', 'x'], {}, "unknown option '--lisen'. Did you mean --listen?"],
    [
      'an unknown variable',
      [],
      { POMONA_APPLE_MOD: 'off' },
      'The variable POMONA_APPLE_MOD is no setting of Pomona. Did you mean POMONA_APPLE_MODE?',
    ],
    ['a value that cannot be', ['--apple-mode', 'on'], {}, "--apple-mode is 'on'. Give one of:"],
    ['plain http for everybody', ['--no-tls', '--listen', '0.0.0.0:0'], {}, '--no-tls would send'],
    ['a certificate without its key', ['--tls-cert', 'c.pem'], {}, '--tls-key'],
    ['PostgreSQL without a key', ['--storage-url', 'postgres://db/p'], {}, '--key-file'],
    ['a settings file that is not there', ['--config', 'absent.json'], {}, "'absent.json'"],
  ])('does not start with %s, and names it', async (_, options, variables, message) => {
    const { exitCode, stdout, stderr } = await run(['serve', ...options], { variables })
    expect(stderr).toMatch(/^pomona: /)
    expect(stderr).toContain(message)
    expect([exitCode, stdout]).toEqual([2, ''])
  })

  test('does not start with an unknown name in its settings file', async () => {
    const file = await fileWith('misspelt.json', '{"public-orgin": ["https://a.example"]}')
    const { exitCode, stderr } = await run(['serve'], { variables: { POMONA_CONFIG: file } })
    expect(exitCode).toBe(2)
    expect(stderr).toBe(
      `pomona: "public-orgin" in ${file} is no setting of Pomona. Did you mean public-origin?\n`,
    )
  })

  test('shows every setting with default and variable in its help', async () => {
    const { stdout, exitCode } = await run(['serve', '--help'])
    const help = stdout.replace(/\s+/g, ' ')
    expect(exitCode).toBe(0)
    expect(help).toContain(
      '--listen <HOST:PORT> Where the service listens; port 0 picks a free one',
    )
    expect(help).toContain('[127.0.0.1:8443] (POMONA_LISTEN)')
    expect(help).toContain('--issuer <URL=TENANT...>')
    expect(help).toContain('--storage-url-file <FILE>')
    expect(help).toContain('--config <FILE>')
    expect(help).not.toContain(folder)
  })
})

describe('pomona config, built', () => {
  test('check says that all is well, or everything that is not; it makes nothing', async () => {
    const sound = await run(['config', 'check', '--apple-mode', 'off'])
    expect(sound).toEqual({ exitCode: 0, stdout: 'The settings are sound.\n', stderr: '' })
    const wrong = await run([
      'config',
      'check',
      '--listen',
      'x',
      '--apple-ca',
      'absent.pem',
      '-o',
      'json',
    ])
    const { ok, problems, warnings } = JSON.parse(wrong.stdout)
    expect(warnings).toEqual([])
    expect([wrong.exitCode, ok]).toEqual([2, false])
    expect(problems.map(({ setting }: { setting: string }) => setting)).toEqual([
      'listen',
      'apple-ca',
    ])
    const doubtful = ['config', 'check', '--listen', '0.0.0.0:8443', '--online']
    const asked = [...doubtful, '--apple-mode', 'simulated', '--apple-url', 'http://127.0.0.1:1/x']
    const { exitCode, stdout, stderr } = await run(asked)
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(/^pomona: problem: Apple's service at .* \(ECONNREFUSED\)\. Check/),
      expect.stringMatching(/^pomona: warning: It listens on every address.*--public-origin/),
      expect.stringMatching(/^pomona: warning: --apple-url is .* ends in \/mdm\/v2\./),
      '',
    ])
    expect(await readdir(folder)).not.toContain('share')
  })

  test('dump is a settings file that gives the same again, says where values come from, and masks', async () => {
    const given = [
      '--listen',
      '[::1]:0',
      '--public-origin',
      'https://a.example',
      'https://b.example',
    ]
    const first = await run(['config', 'dump', '-o', 'json', ...given])
    const file = await fileWith('dump.json', first.stdout)
    const second = await run(['config', 'dump', '-o', 'json', '--config', file])
    const { $from: firstFrom, ...firstValues } = JSON.parse(first.stdout)
    const { $from: secondFrom, ...secondValues } = JSON.parse(second.stdout)
    expect(secondValues).toEqual(firstValues)
    expect([firstFrom.listen, firstFrom['log-level']]).toEqual(['--listen', 'default'])
    expect(secondFrom.listen).toBe(`"listen" in ${file}`)
    const url = 'postgres://pomona:hunter2@db.example/pomona'
    const masked = await run(['config', 'dump', '--key-file', 'k'], {
      variables: { POMONA_STORAGE_URL: url },
    })
    expect(masked.stdout).toMatch(
      /^storage-url +postgres:\/\/pomona:\*{8}@db\.example\/pomona +POMONA_STORAGE_URL$/m,
    )
    expect(masked.stdout + masked.stderr).not.toContain('hunter2')
  })

  test('a password in a flag is warned of, without repeating it', async () => {
    const url = 'postgres://pomona:hunter2@db.example/pomona'
    const dump = ['config', 'dump', '--key-file', 'k', '--storage-url', url]
    const { exitCode, stdout, stderr } = await run(dump)
    expect(exitCode).toBe(0)
    expect(stderr).toMatch(/^pomona: the password in --storage-url can be read by every account/)
    expect(stdout + stderr).not.toContain('hunter2')
  })
})

const contentToken = (values: object) => Buffer.from(JSON.stringify(values)).toString('base64')
const inner = 'cG9tb25hLW1hZGUtdXAtMDAwMQ=='
const lasting = contentToken({
  token: inner,
  expDate: '2999-03-01T01:00:00-0700',
  orgName: 'Harbour Cranes GmbH',
})

describe('pomona inspect, built', () => {
  test('tells what a content token says of itself, from a file or standard input', async () => {
    const file = await fileWith('hq.vpptoken', `\uFEFF${lasting}\r\n`)
    const fingerprint = createHash('sha256').update(lasting).digest('hex').slice(0, 8)
    const facts = {
      organizationName: 'Harbour Cranes GmbH',
      expirationDateTime: '2999-03-01T08:00:00Z',
      isExpired: false,
      fingerprint,
      unknownKeys: [],
      class: null,
      message: null,
    }
    for (const ended of [
      await run(['inspect', file, '-o', 'json']),
      await run(['inspect', '-', '-o', 'json'], { input: lasting }),
    ]) {
      expect([ended.exitCode, ended.stderr]).toEqual([0, ''])
      expect(JSON.parse(ended.stdout)).toEqual(facts)
    }
    const shown = await run(['inspect', file])
    expect(shown.stdout).toBe(
      `organization  Harbour Cranes GmbH\nexpires       2999-03-01T08:00:00Z\nfingerprint   ${fingerprint}\n`,
    )
  })

  const damaged = { token: inner, orgName: 'H' }
  test.each([
    ['F01', ' \r\n', /^The file is empty\./],
    ['F02', 'A'.repeat(65_540), /^This file is too large/],
    ['F03', 'Token value', /^This is not a content token: the file is not base64 text\./],
    ['F03a', '-----BEGIN CERTIFICATE-----', /^This is a certificate or a device enrolment/],
    ['F04', Buffer.from('hello').toString('base64').padEnd(8, '='), /^This file can be decoded/],
    ['F05', contentToken({ ...damaged, expDate: '' }), /no usable value "expDate"\./],
    ['F06', contentToken({ ...damaged, expDate: 'soon' }), /^The expiry date "soon"/],
    [
      'F07',
      contentToken({ ...damaged, expDate: '2020-02-03T04:05:06+0000' }),
      /^This content token expired on 2020-02-03 UTC\. Download a new one\./,
    ],
  ])('tells %s apart with exit code 2', async (failureClass, input, message) => {
    const asJson = await run(['inspect', '-', '-o', 'json'], { input })
    const told = JSON.parse(asJson.stdout)
    expect([asJson.exitCode, told.class]).toEqual([2, failureClass])
    expect(told.message).toMatch(message)
    const { stderr } = asJson
    expect(stderr).toBe(`pomona: ${told.message} (${failureClass}, standard input)\n`)
    expect(asJson.stdout + stderr).not.toContain(inner)
  })
})

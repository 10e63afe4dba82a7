/** The token commands, built, against a running service: clients of the public API and of nothing else. */
import { once } from 'node:events'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CliWorld, cliWorld, role, tenantId } from './cli-world.ts'

const kiel = '7000000000000001'
const hamburg = '7000000000000010'
const revoked = '7000000000000014'
const expired = '7000000000000013'

describe('pomona token, built', () => {
  let world: CliWorld
  /** Flags of a client with a profile. */
  const as = ['--profile', 'hq']
  const secrets: string[] = []
  let clientId = ''
  let secretFile = ''

  beforeAll(async () => {
    world = await cliWorld(['small', 'states'])
    const { run, place, origin, folder } = world
    await run([
      ...['client', 'add', '--tenant', tenantId, '--role', role, '--profile', 'hq'],
      ...['--origin', origin, ...place],
    ])
    const profile = JSON.parse(
      await readFile(join(folder, 'config', 'pomona', 'profiles', 'hq.json'), 'utf8'),
    )
    clientId = profile['client-id']
    secretFile = join(folder, 'secret')
    await writeFile(secretFile, `${profile['client-secret']}\n`)
    secrets.push(profile['client-secret'])
  }, 60_000)
  afterAll(() => world?.close())

  /** A `.vpptoken` file of a location; a fresh download of it when `expiresAt` is given. */
  async function fileOf(uId: string, expiresAt?: string): Promise<string> {
    const path = `/libraries/${uId}/tokens`
    const issued =
      expiresAt === undefined
        ? (await world.control('GET', path)).tokens[0]
        : await world.control('POST', path, { account: 'b@harbour.example', expiresAt })
    secrets.push(issued.file, JSON.parse(Buffer.from(issued.file, 'base64').toString()).token)
    const file = join(world.folder, `${issued.tokenId}.vpptoken`)
    await writeFile(file, issued.file)
    return file
  }
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever JSON came back
  async function json(...options: readonly string[]): Promise<any> {
    const { stdout, stderr, exitCode } = await world.run([...options, '-o', 'json'])
    expect([stderr, exitCode]).toEqual(['', 0])
    return JSON.parse(stdout)
  }
  const list = () => json('token', 'list', ...as)
  let id = ''

  test('adds a token under the name of its location, and syncs it', async () => {
    expect(await list()).toEqual([])
    const added = await json('token', 'add', await fileOf(kiel), '--apple-id', 'a@x.example', ...as)
    id = added.id
    const synced = await json('token', 'sync', id, '--wait', ...as)
    expect(synced).toMatchObject({
      id,
      displayName: 'Kiel Depot',
      appleId: 'a@x.example',
      locationId: kiel,
      state: 'valid',
      lastSyncStatus: 'completed',
      lastAppCount: 4,
    })
    expect(await json('token', 'show', id, ...as)).toEqual(synced)
    expect(await list()).toEqual([synced])
  })

  test('shows tokens as a table, without colours', async () => {
    const { stdout } = await world.run(['token', 'list', ...as])
    const [head, row, ...rest] = stdout.trimEnd().split('\n')
    expect(head?.split(/ {2,}/)).toEqual([
      'ID',
      'NAME',
      'STATE',
      'REASON',
      'EXPIRES',
      'APPS',
      'LICENCES USED/TOTAL',
      'LAST SYNC',
    ])
    expect(row).toMatch(
      new RegExp(
        `^${id} {2}Kiel Depot {2}valid {2}unclaimed {2}\\d{4}-\\d\\d-\\d\\d {2}4 .* completed `,
      ),
    )
    expect(rest).toEqual([])
    expect(stdout).not.toContain('\u001b')
    const shown = await world.run(['token', 'show', id, ...as])
    expect(shown.stdout).toContain(`location      Kiel Depot (id ${kiel})\n`)
  })

  test('can be told everything by flags and variables instead of a profile', async () => {
    const { origin, caFile, run } = world
    const flags = ['--origin', origin, '--tenant', tenantId, '--client-id', clientId]
    const byFile = await run([
      'token',
      'list',
      ...flags,
      '--ca-file',
      caFile,
      '--client-secret-file',
      secretFile,
    ])
    const byInput = await run(
      ['token', 'list', ...flags, '--ca-file', caFile, '--client-secret-file', '-'],
      secrets[0],
    )
    expect([byFile.exitCode, byInput.exitCode]).toEqual([0, 0])
    expect(byFile.stdout).toContain('Kiel Depot')
    expect(byInput.stdout).toBe(byFile.stdout)
  })

  const refusals: readonly (readonly [string, () => Promise<string>, RegExp])[] = [
    ['no base64', async () => 'README.md', /^pomona: This is not a content token.* \(F03\)\n$/],
    [
      'an expired one',
      () => fileOf(expired),
      /^pomona: This content token expired on .* \(F07\)\n$/,
    ],
    ['a revoked one', () => fileOf(revoked), /^pomona: Apple has revoked .* \(F09\)\n$/],
    [
      'the very same one again',
      () => fileOf(kiel),
      /^pomona: This exact content token is already stored as "Kiel Depot"\. Nothing was stored\. \(F12\)\n$/,
    ],
    [
      'another download for the same location',
      () => fileOf(kiel, '2099-01-01T00:00:00Z'),
      /^pomona: Location "Kiel Depot" is already stored as "Kiel Depot"\. To replace.* Do it with: pomona token renew [0-9a-f-]{36} \S+ \(F13\)\n$/,
    ],
    ['a folder', async () => world.folder, /^pomona: '.*' is a folder\. Name a file in it\.\n$/],
    [
      'a file that is not there',
      async () => 'absent.vpptoken',
      /^pomona: There is no file 'absent\.vpptoken'/,
    ],
  ]
  test.each(refusals)('refuses to add %s before anything is stored', async (_, file, message) => {
    const before = await list()
    const { exitCode, stdout, stderr } = await world.run(['token', 'add', await file(), ...as])
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(message)
    expect(await list()).toEqual(before)
  })

  test('renews in place from standard input, and says what changed', async () => {
    const [before] = await list()
    const text = await readFile(await fileOf(kiel, '2098-01-01T00:00:00Z'), 'utf8')
    const { stdout, exitCode } = await world.run(['token', 'renew', id, '-', ...as], text)
    const after = await json('token', 'show', id, ...as)
    expect(exitCode).toBe(0)
    expect(stdout).toBe(
      [
        'Kiel Depot is renewed.',
        `expires      ${before.expirationDateTime.slice(0, 10)} → 2098-01-01`,
        `fingerprint  ${before.contentFingerprint} → ${after.contentFingerprint}`,
        '',
      ].join('\n'),
    )
    expect(after.contentFingerprint).not.toBe(before.contentFingerprint)
    expect(after).toMatchObject({
      id,
      locationId: kiel,
      totalLicenseCount: before.totalLicenseCount,
    })
    expect(await json('token', 'sync', id, '--wait', ...as)).toMatchObject({ state: 'valid' })
  })

  test('does not renew with the token of another location', async () => {
    const before = await list()
    const renew = ['token', 'renew', id, await fileOf(hamburg), ...as]
    const { exitCode, stderr } = await world.run(renew)
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/serves "Kiel Depot" .* Nothing was changed\. \(F14\)\n$/)
    expect(await list()).toEqual(before)
  })

  test('renews with one that expires earlier only when told so', async () => {
    const before = await list()
    const renew = ['token', 'renew', id, await fileOf(kiel, '2090-01-01T00:00:00Z'), ...as]
    const asked = await world.run(renew)
    expect(asked.exitCode).toBe(2)
    expect(asked.stderr).toMatch(
      /before the stored one \(.*\)\. Nothing was changed\. To renew all the same: pomona token renew .* --yes \(F15\)\n$/,
    )
    expect(await list()).toEqual(before)
    expect((await world.run([...renew, '--yes'])).exitCode).toBe(0)
    const renewed = await json('token', 'show', id, ...as)
    expect(renewed.expirationDateTime).toMatch(/^2090-01-01/)
  })

  test('tells a sync that failed by exit code 1 and the reason', async () => {
    const file = await fileOf(hamburg)
    const added = await json('token', 'add', file, ...as)
    await json('token', 'sync', added.id, '--wait', ...as)
    const { tokens } = await world.control('GET', `/libraries/${hamburg}/tokens`)
    await world.control('POST', `/tokens/${tokens[0].tokenId}/revoke`)
    const { exitCode, stdout, stderr } = await world.run([
      ...['token', 'sync', added.id, '--wait', '-o', 'json', ...as],
    ])
    expect(exitCode).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ state: 'invalid', stateReason: 'revokedByApple' })
    expect(stderr).toMatch(/^pomona: the sync failed\. .*revoked/)
    await json('token', 'remove', added.id, '--yes', ...as)
  })

  test('removes a token once somebody agreed to what it takes along', async () => {
    const unasked = await world.run(['token', 'remove', id, ...as])
    expect([unasked.exitCode, unasked.stdout]).toEqual([2, ''])
    expect(unasked.stderr).toMatch(
      new RegExp(`^name {6}Kiel Depot\\nlocation {2}Kiel Depot \\(id ${kiel}\\)\\n`),
    )
    expect(unasked.stderr).toContain('with --yes.\n')
    expect(await json('token', 'remove', id, '--dry-run', ...as)).toMatchObject({
      ...{ id, name: 'Kiel Depot', locationId: kiel, isHeldByPomona: false, removed: false },
    })
    expect(await list()).toHaveLength(1)
    expect(await json('token', 'remove', id, '--yes', ...as)).toEqual({
      id,
      name: 'Kiel Depot',
      removed: true,
    })
    expect(await list()).toEqual([])
    const { exitCode, stderr } = await world.run(['token', 'show', id, ...as])
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(
      /^pomona: There is no token .* \(GET \/pomona\/v1\/tokens\/.*, HTTP 404\)\n$/,
    )
  })

  test('says what stands in its way, and whose fault it is', async () => {
    const { run, origin, caFile } = world
    const flags = ['--tenant', tenantId, '--client-id', clientId]
    const wrongFile = join(world.folder, 'wrong')
    await writeFile(wrongFile, 'not-the-secret')
    const nobody = [
      '--origin',
      `https://localhost:${await closedPort()}`,
      '--client-secret-file',
      secretFile,
    ]
    const cases: readonly (readonly [readonly string[], number, RegExp])[] = [
      [[], 2, /--origin, --client-secret-file are missing\. Give --profile NAME/],
      [
        ['--origin', origin, '--client-secret-file', wrongFile, '--ca-file', caFile],
        2,
        /Signing in at .* was refused \(HTTP 401\)/,
      ],
      [
        ['--origin', origin, '--client-secret-file', secretFile],
        2,
        /CA that is not trusted here\. .*--ca-file/,
      ],
      [nobody, 1, /https:\/\/localhost:\d+ cannot be reached: nothing listens there/],
      [
        ['--origin', origin.replace('https', 'http'), '--client-secret-file', secretFile],
        1,
        /the connection was cut\. Perhaps it speaks https\./,
      ],
      [['--origin', 'http://pomona.example'], 2, /--origin is .*Give an https address/],
      [['--profile', 'nobody'], 2, /There is no profile 'nobody'.* Those there are: hq\. Make one/],
      [['--origin', 'https://localhost:9', '--profile', 'hq'], 2, /web clients refuse to call it/],
      [['--orign', 'x'], 2, /unknown option '--orign'\. Did you mean --origin\?/],
    ]
    for (const [options, code, message] of cases) {
      const { exitCode, stdout, stderr } = await run(['token', 'list', ...flags, ...options])
      expect(stderr).toMatch(message)
      expect([exitCode, stdout]).toEqual([code, ''])
    }
  })

  test('says which role is missing, and how to get a client that has it', async () => {
    const { run, place, origin, folder } = world
    const reads = 'DeviceManagementServiceConfig.Read.All'
    const add = ['client', 'add', '--tenant', tenantId, '--role', reads, '--profile', 'reader']
    await run([...add, '--origin', origin, ...place])
    const file = join(folder, 'config', 'pomona', 'profiles', 'reader.json')
    secrets.push(JSON.parse(await readFile(file, 'utf8'))['client-secret'])
    const { exitCode, stderr } = await run(['app', 'list', '--profile', 'reader'])
    await rm(file)
    expect(exitCode).toBe(2)
    expect(stderr).toContain('it needs a role such as DeviceManagementApps.Read.All. ')
    expect(stderr).toContain(
      `pomona client add --tenant ${tenantId} --role DeviceManagementApps.Read.All --profile NAME`,
    )
  })

  test('prints no secret, ever, and leaves none in the log or behind', async () => {
    const log = world.service.output()
    expect(log).toContain('requestAnswered')
    expect(world.said()).toContain('Kiel Depot')
    expect(new Set(secrets).size).toBeGreaterThan(8)
    for (const secret of secrets) {
      expect(world.said()).not.toContain(secret)
      expect(log).not.toContain(secret)
    }
    expect(await readdir(join(world.folder, 'config', 'pomona', 'profiles'))).toEqual(['hq.json'])
  })
})

/** A port that was free a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

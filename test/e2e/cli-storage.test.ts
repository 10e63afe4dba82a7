/** The commands that work on the storage itself, built: tenants, clients, audit, keys. */
import { mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Ended } from './built-program.ts'
import { role, runWithInput, tenantId, userFolders } from './cli-world.ts'

const absent = '9a1e0f00-0000-4000-8000-00000000dead'

describe('pomona tenant, client, audit and key, built', () => {
  let folder = ''
  let said = ''
  const shownOnce: string[] = []
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pomona-storage-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  async function run(...options: readonly string[]): Promise<Ended> {
    const ended = await runWithInput(options, undefined, userFolders(folder))
    said += ended.stdout + ended.stderr
    return ended
  }
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever JSON came back
  async function json(...options: readonly string[]): Promise<any> {
    const { stdout, stderr, exitCode } = await run(...options, '-o', 'json')
    expect([stderr, exitCode]).toEqual(['', 0])
    return JSON.parse(stdout)
  }
  /** A secret that is shown this once; it must not turn up anywhere else. */
  async function secretOf(...options: readonly string[]): Promise<string> {
    const { stdout } = await runWithInput(
      [...options, '-o', 'json'],
      undefined,
      userFolders(folder),
    )
    const { clientSecret } = JSON.parse(stdout)
    shownOnce.push(clientSecret)
    return clientSecret
  }
  const ofTenant = ['--tenant', tenantId]
  let clientId = ''

  test('a tenant is added, listed, suspended and resumed', async () => {
    const added = await json('tenant', 'add', '--id', tenantId, '--name', 'Harbour')
    expect(added).toMatchObject({ tenantId, name: 'Harbour', status: 'active' })
    expect(await json('tenant', 'list')).toEqual([added])
    const unasked = await run('tenant', 'suspend', tenantId)
    expect([unasked.exitCode, unasked.stdout]).toEqual([2, ''])
    expect(unasked.stderr).toContain('with --yes.')
    expect(await json('tenant', 'suspend', tenantId, '--dry-run')).toEqual({
      ...{ ...added, tokenCount: 0, clientCount: 0 },
    })
    expect(await json('tenant', 'list')).toEqual([added])
    const suspended = await json('tenant', 'suspend', tenantId, '--yes')
    expect(suspended).toEqual({ ...added, status: 'suspended' })
    const again = await run('tenant', 'suspend', tenantId)
    expect(again.stdout).toBe(`Tenant ${tenantId} (Harbour) is already suspended.\n`)
    const resumed = await run('tenant', 'resume', tenantId)
    expect(resumed.stdout).toBe(`Tenant ${tenantId} (Harbour) is now active.\n`)
    expect((await run('tenant', 'list')).stdout).toMatch(
      new RegExp(
        `^TENANT .*\\n${tenantId} {2}Harbour {2}active {2}\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\dZ\\n$`,
      ),
    )
  })

  test('a client’s secret is shown once, changed by rotation, and kept nowhere', async () => {
    const first = await secretOf('client', 'add', ...ofTenant, '--role', role, '--name', 'board')
    const [listed] = await json('client', 'list', ...ofTenant)
    expect(listed).toMatchObject({ tenantId, name: 'board', roles: [role] })
    clientId = listed.clientId
    const second = await secretOf('client', 'rotate', clientId, ...ofTenant)
    expect([first.length, second.length, first === second]).toEqual([43, 43, false])
    expect(await json('client', 'list', ...ofTenant)).toEqual([listed])
  })

  test('a profile takes the secret instead, and follows its rotation', async () => {
    const added = await json(
      ...['client', 'add', ...ofTenant, '--role', role, '--profile', 'hq'],
      ...['--origin', 'https://localhost:8443'],
    )
    const file = join(folder, 'config', 'pomona', 'profiles', 'hq.json')
    expect(added).toEqual({
      ...{ tenantId, clientId: added.clientId, profileFile: file },
      origin: 'https://localhost:8443',
    })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const profile = JSON.parse(await readFile(file, 'utf8'))
    const { 'client-secret': secret, ...rest } = profile
    expect(rest).toEqual({
      origin: 'https://localhost:8443',
      tenant: tenantId,
      'client-id': added.clientId,
      'ca-file': join(folder, 'share', 'pomona', 'ca.pem'),
    })
    const rotate = ['client', 'rotate', added.clientId, ...ofTenant, '--profile', 'hq']
    expect(await json(...rotate)).toEqual(added)
    const rotated = JSON.parse(await readFile(file, 'utf8'))
    expect(rotated).toEqual({ ...profile, 'client-secret': expect.stringMatching(/^[\w-]{43}$/) })
    expect(rotated['client-secret']).not.toBe(secret)
    shownOnce.push(secret, rotated['client-secret'])
    const wrong = await run('client', 'rotate', clientId, ...ofTenant, '--profile', 'hq')
    expect(wrong.exitCode).toBe(2)
    expect(wrong.stderr).toContain("The profile 'hq' is of another client")
    const remove = ['client', 'remove', added.clientId, ...ofTenant]
    const unasked = await run(...remove)
    expect([unasked.exitCode, unasked.stdout]).toEqual([2, ''])
    expect(unasked.stderr).toMatch(/^client {6}.*\nname {8}client\nroles {7}Dev.*\n/)
    expect((await run(...remove, '--yes')).stdout).toBe(
      `Client ${added.clientId} (client) is removed and can no longer sign in.\n`,
    )
  })

  test('a profile whose name is taken registers no client', async () => {
    const before = await json('client', 'list', ...ofTenant)
    const add = ['client', 'add', ...ofTenant, '--role', role, '--profile', 'hq']
    const { exitCode, stderr } = await run(...add)
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining("There is a profile 'hq' already"),
    ])
    expect(await json('client', 'list', ...ofTenant)).toEqual(before)
  })

  test('whatever is done to them stands in the audit, newest first', async () => {
    const events = await json('audit', 'list', ...ofTenant)
    expect(events.map(({ action }: { action: string }) => action)).toEqual([
      'client.removed',
      'client.rotated',
      'client.added',
      'client.rotated',
      'client.added',
      'tenant.resumed',
      'tenant.suspended',
      'tenant.added',
    ])
    const two = await run('audit', 'list', ...ofTenant, '--limit', '2')
    expect(two.stdout.trimEnd().split('\n')).toHaveLength(3)
    expect(two.stderr).toBe('pomona: there are older events; show more with --limit 20\n')
  })

  test('a tenant is removed only with --yes, which is asked for with what would be lost', async () => {
    const asked = await run('tenant', 'remove', tenantId)
    expect([asked.exitCode, asked.stdout]).toEqual([2, ''])
    expect(asked.stderr).toContain('(Harbour) has 0 content tokens and 1 client')
    expect(asked.stderr).toContain('repeat the command with --yes')
    expect((await run('tenant', 'remove', tenantId, '--dry-run')).exitCode).toBe(0)
    expect(await json('tenant', 'list')).toHaveLength(1)
    const removed = await json('tenant', 'remove', tenantId, '--yes')
    expect(removed).toEqual({ tenantId, name: 'Harbour', removed: true })
    expect(await json('tenant', 'list')).toEqual([])
    const [last] = await json('audit', 'list', ...ofTenant)
    expect(last).toMatchObject({ action: 'tenant.removed', details: { clients: [clientId] } })
  })

  test('rows come as yaml and csv too, and what a spreadsheet would reckon is a text', async () => {
    const folderOf = ['--data-dir', join(folder, 'rows'), '--key-file', join(folder, 'rows.json')]
    const add = ['tenant', 'add', '--id', tenantId, '--name', '=1+1', ...folderOf]
    expect((await run(...add, '-o', 'yaml')).stdout).toMatch(
      new RegExp(`^tenantId: "${tenantId}"\nname: "=1\\+1"\nstatus: "active"\ncreated.*\n$`),
    )
    const csv = await run('tenant', 'list', ...folderOf, '-o', 'csv')
    const [head, row = '', ...rest] = csv.stdout.split('\n')
    expect(head).toBe('tenantId,name,status,createdDateTime')
    expect(row.split(',').slice(0, 3)).toEqual([tenantId, "'=1+1", 'active'])
    expect(rest).toEqual([''])
  })

  test.each([
    [['client', 'add', '--tenant', 'nope', '--role', role], "'nope' is not the id of a tenant"],
    [['client', 'add', '--tenant', tenantId], '--role <NAME...> is missing. See what it means'],
    [['tenant', 'suspend'], '<TENANT> is missing. See what it means with --help.'],
    [['tenant', 'suspend', absent], 'is not registered. See those that are: pomona tenant list.'],
    [['tenant', 'remove', absent], 'is not registered'],
    [['client', 'list', '--tenant', absent], 'is not registered'],
    [['audit', 'list', '--tenant', absent], 'is not registered'],
    [['client', 'rotate', absent, '--tenant', tenantId], `has no client '${absent}'`],
    [
      ['client', 'add', '--tenant', tenantId, '--role', 'Apps.Reed'],
      "The role 'Apps.Reed' is none",
    ],
    [['audit', 'list', '--tenant', tenantId, '--limit', '0'], 'Give a whole number from 1.'],
    [['tenant', 'ad'], "unknown command 'ad'. Did you mean add?"],
    [['tennant', 'list'], "unknown command 'tennant'. Did you mean tenant?"],
  ])('%j is refused in words, with exit code 2', async (options, message) => {
    const { exitCode, stdout, stderr } = await run(...options)
    expect(stderr).toMatch(/^pomona: /)
    expect(stderr).toContain(message)
    expect([exitCode, stdout]).toEqual([2, ''])
  })

  test('the keys are shown by their ids, and a lost or foreign key is named', async () => {
    const keyFile = join(folder, 'config', 'pomona', 'key.json')
    const text = await readFile(keyFile, 'utf8')
    const id = JSON.parse(text).current
    const whole = { id, isInKeyFile: true, isCurrent: true, sealedCount: 1 }
    expect(await json('key', 'status')).toEqual({
      keyFile,
      isKeyFilePresent: true,
      keys: [whole],
      problem: null,
    })
    await rm(keyFile)
    const lost = await run('key', 'status', '-o', 'json')
    expect(lost.exitCode).toBe(2)
    expect(JSON.parse(lost.stdout).keys).toEqual([
      { ...whole, isCurrent: false, isInKeyFile: false },
    ])
    expect(lost.stderr).toContain(`sealed with the key "${id}", and no such key is at hand`)
    const other = text.replace(/"secret": "[^"]+"/, `"secret": "${'A'.repeat(43)}="`)
    await writeFile(keyFile, other, { mode: 0o600 })
    const foreign = await run('key', 'status')
    expect(foreign.exitCode).toBe(2)
    expect(foreign.stderr).toContain(`does not open with the key "${id}"`)
    expect(await readFile(keyFile, 'utf8')).toBe(other)
  })

  test('a rotated key seals everything anew, and the old one can be dropped a minute later', async () => {
    const data = ['--data-dir', join(folder, 'rotated'), '--key-file', join(folder, 'rotated.json')]
    await run('tenant', 'add', '--id', tenantId, '--name', 'Harbour', ...data)
    const [before] = (await json('key', 'status', ...data)).keys
    const rotation = await json('key', 'rotate', ...data)
    expect(rotation).toEqual({
      current: expect.stringMatching(/^[0-9a-f]{8}$/),
      isResumed: false,
      resealed: 0,
      left: 0,
    })
    expect((await json('key', 'status', ...data)).keys).toEqual([
      { ...before, isCurrent: false, sealedCount: 0 },
      { ...before, id: rotation.current },
    ])
    const unasked = await run('key', 'rotate', '--drop-old', ...data)
    expect([unasked.exitCode, unasked.stderr.includes(`would go: ${before.id}.`)]).toEqual([
      2,
      true,
    ])
    const dry = await json('key', 'rotate', '--drop-old', '--dry-run', ...data)
    expect(dry).toEqual({ unused: [before.id] })
    expect(await json('key', 'rotate', '--dry-run', ...data)).toEqual({ sealedCount: 1 })
    const early = await run('key', 'rotate', '--drop-old', '--yes', ...data)
    expect(early.exitCode).toBe(2)
    expect(early.stderr).toContain('Wait a minute and try again.')
    const aMinuteAgo = new Date(Date.now() - 61_000)
    await utimes(join(folder, 'rotated.json'), aMinuteAgo, aMinuteAgo)
    expect(await json('key', 'rotate', '--drop-old', '--yes', ...data)).toEqual({
      dropped: [before.id],
    })
    expect(await json('audit', 'list', ...data)).toMatchObject([
      { actor: 'operator', action: 'key.rotated', subject: rotation.current },
    ])
    expect((await run('tenant', 'list', ...data)).stdout).toContain('Harbour')
  })

  test('a database is brought to the schema of the program, once', async () => {
    const data = ['--data-dir', join(folder, 'migrated')]
    const { applied } = await json('migrate', ...data)
    expect(applied[0]).toBe('0001-tables')
    const again = await run('migrate', ...data)
    expect(again.stdout).toBe('The database has the schema of this program already.\n')
  })

  test('no secret and no key is printed but where it is shown once', async () => {
    const keys = [...said.matchAll(/[A-Za-z0-9+/]{43}=/g)]
    expect(keys).toEqual([])
    expect(shownOnce).toHaveLength(4)
    for (const secret of shownOnce) expect(said).not.toContain(secret)
    const database = await readFile(join(folder, 'share', 'pomona', 'pomona.db'), 'latin1')
    for (const secret of shownOnce) expect(database).not.toContain(secret)
  })
})

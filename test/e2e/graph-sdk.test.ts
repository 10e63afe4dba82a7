/** Microsoft's own client and sign-in, unmodified, over HTTPS against the built program and the built simulator. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { trustingFetch } from '../../src/cli/trusting-fetch.ts'
import { connectApi } from '../../src/client/api.ts'
import { pomona, runBuilt, type Started, simulator, startBuilt } from './built-program.ts'

const run = promisify(execFile)
const tenantId = '3f2a7c1e-0d4b-4a55-9c1e-7b2f00c0ffee'
const uId = '7000000000000001'
const readWrite = 'DeviceManagementServiceConfig.ReadWrite.All'

describe('Microsoft’s SDK against the built program', () => {
  let folder = ''
  let apple: Started
  let service: Started
  let environment: Record<string, string>
  let place: readonly string[]

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pomona-sdk-'))
    place = ['--data-dir', join(folder, 'data'), '--key-file', join(folder, 'key.json')]
    apple = await startBuilt(simulator, [
      ...['--listen', '127.0.0.1:0', '--control', '127.0.0.1:0', '--seed', 'small'],
      ...['--at', 'now', '-o', 'json'],
    ])
    await runBuilt(pomona, ['tenant', 'add', '--id', tenantId, '--name', 'Harbour', ...place])
    const client = await addClient(readWrite)
    service = await startBuilt(pomona, [
      ...['serve', '--listen', '127.0.0.1:0', '-o', 'json', ...place],
      ...['--apple-mode', 'simulated', '--apple-url', apple.facts.dataUrl ?? ''],
    ])
    environment = {
      POMONA_TEST_ORIGIN: service.facts.origin ?? '',
      POMONA_TEST_TENANT: tenantId,
      POMONA_TEST_CLIENT: client.clientId,
      POMONA_TEST_SECRET: client.clientSecret,
      POMONA_TEST_FILE: await written('Kiel.vpptoken', await issued()),
      POMONA_TEST_NEXT_FILE: await written('Kiel (1).vpptoken', await issued()),
      NODE_EXTRA_CA_CERTS: service.facts.caFile ?? '',
    }
  })
  afterAll(async () => {
    await service?.stop()
    await apple?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  async function addClient(role: string): Promise<{ clientId: string; clientSecret: string }> {
    const added = await runBuilt(pomona, [
      ...['client', 'add', '--tenant', tenantId, '--role', role, '-o', 'json', ...place],
    ])
    return JSON.parse(added.stdout)
  }

  /** Another download for the one location, by an account of its own: the ones before stay good. */
  let downloads = 0
  async function issued(): Promise<string> {
    downloads += 1
    const { controlUrl, controlKey = '' } = apple.facts
    const response = await fetch(`${controlUrl}/worlds/main/libraries/${uId}/tokens`, {
      method: 'POST',
      headers: { 'X-Simulator-Key': controlKey, 'content-type': 'application/json' },
      body: JSON.stringify({ account: `n${downloads}@harbour.example` }),
    })
    return ((await response.json()) as { file: string }).file
  }

  async function written(name: string, text: string): Promise<string> {
    await writeFile(join(folder, name), text)
    return join(folder, name)
  }

  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever JSON came back
  async function session(name: string, variables: Record<string, string> = {}): Promise<any> {
    const { stdout } = await run(process.execPath, [`test/e2e/${name}.ts`], {
      env: { ...process.env, ...environment, ...variables },
    })
    return JSON.parse(stdout)
  }

  test('signs in, creates from a .vpptoken file, lists, reads, syncs and deletes', async () => {
    const seen = await session('graph-sdk-session')
    const file = await readFile(environment.POMONA_TEST_FILE ?? '', 'utf8')

    expect(seen.created).toMatchObject({
      displayName: 'Kiel',
      organizationName: 'Harbour Cranes GmbH',
      token: file,
      vppTokenAccountType: 'business',
    })
    expect(seen.listed).toHaveLength(1)
    expect(seen.listed[0]).toMatchObject({ id: seen.created.id, token: null })
    expect(seen.read.id).toBe(seen.created.id)
    expect(seen.syncing.lastSyncStatus).toBe('inProgress')
    expect(seen.synced).toMatchObject({ state: 'valid', lastSyncStatus: 'completed' })
    expect(seen.afterDelete).toMatchObject({ statusCode: 404, code: 'ResourceNotFound' })
  })

  test.each(['beta', 'v1.0'])(
    'retries a create, renews and updates on a condition, in %s',
    async (version) => {
      const seen = await session('graph-sdk-renewal-session', { POMONA_TEST_VERSION: version })
      const [file, next] = [environment.POMONA_TEST_FILE, environment.POMONA_TEST_NEXT_FILE]

      expect(seen.retried).toEqual(seen.created)
      expect(seen.created.token).toBe(await readFile(file ?? '', 'utf8'))
      expect(seen.otherBody).toMatchObject({ statusCode: 422, code: 'UnprocessableEntity' })
      expect(seen.count).toBe(1)

      expect(seen.renewed).toMatchObject({
        id: seen.created.id,
        token: await readFile(next ?? '', 'utf8'),
      })
      expect(seen.synced).toMatchObject({ id: seen.created.id, state: 'valid', token: null })

      expect(seen.updated.appleId).toBe('c3@harbour.example')
      expect(seen.lost).toMatchObject({ statusCode: 412, code: 'PreconditionFailed' })
      expect(seen.kept.appleId).toBe('c3@harbour.example')
      expect(seen.hasChanged).toBe(true)
      expect(seen.removedByStale).toMatchObject({ statusCode: 412, code: 'PreconditionFailed' })
      expect(seen.afterDelete).toMatchObject({ statusCode: 404, code: 'ResourceNotFound' })
    },
  )

  test('with a client that may do nothing here is refused, and told what it lacks', async () => {
    const { clientId, clientSecret } = await addClient('DeviceManagementApps.Read.All')
    const variables = { POMONA_TEST_CLIENT: clientId, POMONA_TEST_SECRET: clientSecret }
    const { read, written } = await session('graph-sdk-refused-session', variables)

    expect(read).toMatchObject({ statusCode: 403, code: 'Forbidden' })
    expect(read.message).toContain('DeviceManagementServiceConfig.Read.All')
    expect(written).toMatchObject({ statusCode: 403, code: 'Forbidden' })
    expect(written.message).toContain(readWrite)
  })

  test('with a reading client may read and not write', async () => {
    const { clientId, clientSecret } = await addClient('DeviceManagementServiceConfig.Read.All')
    const variables = { POMONA_TEST_CLIENT: clientId, POMONA_TEST_SECRET: clientSecret }
    const { read, written } = await session('graph-sdk-refused-session', variables)
    expect([read, written.statusCode]).toEqual([null, 403])
  })

  test('with a wrong secret is refused at sign-in, in words that Azure’s SDK understands', async () => {
    const { read } = await session('graph-sdk-refused-session', {
      POMONA_TEST_SECRET: `${environment.POMONA_TEST_SECRET}x`,
    })
    expect(read.message).toContain('invalid_client')
    expect(read.message).not.toContain(environment.POMONA_TEST_SECRET)
  })

  describe('with 250 tokens', () => {
    const made: string[] = []
    beforeAll(async () => {
      const trusting = trustingFetch(await readFile(service.facts.caFile ?? '', 'utf8'))
      const api = connectApi(trusting.fetch, {
        origin: environment.POMONA_TEST_ORIGIN ?? '',
        tenantId,
        clientId: environment.POMONA_TEST_CLIENT ?? '',
        clientSecret: environment.POMONA_TEST_SECRET ?? '',
      })
      const names = Array.from({ length: 250 }, (_, index) => `Token ${index}`)
      while (names.length > 0) {
        const answers = names
          .splice(0, 25)
          .map((displayName) =>
            api.ask('POST', '/beta/deviceAppManagement/vppTokens', { displayName }),
          )
        for (const answer of await Promise.all(answers)) made.push((answer as { id: string }).id)
      }
      await trusting.close()
    })

    test.each(['beta', 'v1.0'])('pages through all of them, each once, in %s', async (version) => {
      const seen = await session('graph-sdk-paging-session', { POMONA_TEST_VERSION: version })
      expect(seen.firstPage).toBe(100)
      expect(seen.ids).toHaveLength(250)
      expect([...seen.ids].sort()).toEqual([...made].sort())
      expect(seen.pageSizes).toEqual([60, 60, 60, 60, 10])
      expect(seen.count).toBe(250)
      expect(seen.names).toEqual(['id', 'state'])
    })
  })
})

/** Microsoft's own client and sign-in, unmodified, over HTTPS against the built program and the built simulator. */
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readWrite, type SdkWorld, sdkWorld } from './graph-sdk-world.ts'

describe('Microsoft’s SDK against the built program', () => {
  let world: SdkWorld
  let files: Record<string, string>
  beforeAll(async () => {
    world = await sdkWorld()
    files = {
      POMONA_TEST_FILE: await world.written('Kiel.vpptoken', await world.issued()),
      POMONA_TEST_NEXT_FILE: await world.written('Kiel (1).vpptoken', await world.issued()),
    }
  })
  afterAll(() => world?.close())

  test('signs in, creates from a .vpptoken file, lists, reads, syncs and deletes', async () => {
    const seen = await world.session('graph-sdk-session', files)
    const file = await readFile(files.POMONA_TEST_FILE ?? '', 'utf8')

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
      const seen = await world.session('graph-sdk-renewal-session', {
        ...files,
        POMONA_TEST_VERSION: version,
      })
      const [file, next] = [files.POMONA_TEST_FILE, files.POMONA_TEST_NEXT_FILE]

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
    const variables = await world.addClient('DeviceManagementApps.Read.All')
    const { read, written } = await world.session('graph-sdk-refused-session', variables)

    expect(read).toMatchObject({ statusCode: 403, code: 'Forbidden' })
    expect(read.message).toContain('DeviceManagementServiceConfig.Read.All')
    expect(written).toMatchObject({ statusCode: 403, code: 'Forbidden' })
    expect(written.message).toContain(readWrite)
  })

  test('with a reading client may read and not write', async () => {
    const variables = await world.addClient('DeviceManagementServiceConfig.Read.All')
    const { read, written } = await world.session('graph-sdk-refused-session', variables)
    expect([read, written.statusCode]).toEqual([null, 403])
  })

  test('with a wrong secret is refused at sign-in, in words that Azure’s SDK understands', async () => {
    const { read } = await world.session('graph-sdk-refused-session', {
      POMONA_TEST_SECRET: `${world.environment.POMONA_TEST_SECRET}x`,
    })
    expect(read.message).toContain('invalid_client')
    expect(read.message).not.toContain(world.environment.POMONA_TEST_SECRET)
  })

  describe('with 250 tokens', () => {
    let made: readonly string[] = []
    beforeAll(async () => {
      made = await world.addTokens(
        Array.from({ length: 250 }, (_, index) => ({ displayName: `Token ${index}` })),
      )
    })

    test.each(['beta', 'v1.0'])('pages through all of them, each once, in %s', async (version) => {
      const seen = await world.session('graph-sdk-paging-session', { POMONA_TEST_VERSION: version })
      expect(seen.firstPage).toBe(100)
      expect(seen.ids).toHaveLength(250)
      expect([...seen.ids].sort()).toEqual([...made].sort())
      expect(seen.pageSizes).toEqual([60, 60, 60, 60, 10])
      expect(seen.count).toBe(250)
      expect(seen.names).toEqual(['id', 'state'])
    })
  })
})

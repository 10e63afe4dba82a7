/** One location behind several tokens: of one tenant, of two tenants, and held by somebody else (graph 9; Apple 5, 7, 9.4). */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type RunningService, runningService, tenantId } from '../running-service.ts'
import { type AppleSide, appleSide } from './apple-side.ts'
import { addSynced, storedView, syncEnd, syncNow, trueView } from './stored-truth.ts'

const lock = '7000000000000030'
const set = '/beta/deviceAppManagement/vppTokens'
const otherTenantId = '3f2a7c1e-0d4b-4a55-9c1e-7b2f00c0ffef'

interface JournalEntry {
  readonly seq: number
  readonly path: string
  readonly tokenFingerprint: string | null
  readonly inFlight: number
}

describe('a location', () => {
  let apple: AppleSide
  let service: RunningService
  beforeAll(async () => {
    apple = await appleSide(['duplicate-location', 'external-mdm', 'small'])
    service = await runningService({ appleMode: 'simulated', appleUrl: apple.dataUrl })
  })
  afterAll(async () => {
    await service.close()
    await apple.close()
  })
  beforeEach(async () => {
    await apple.control('POST', '/reset')
    for (const { id } of (await service.ask('GET', set)).json.value)
      await service.ask('DELETE', `${set}/${id}`)
  })

  const filesOf = async (uId: string) => (await apple.tokensOf(uId)).map(({ file }) => file)
  const journal = async (): Promise<readonly JournalEntry[]> =>
    (await apple.control('GET', '/journal')).entries
  const view = async (id: string) => (await service.ask('GET', `/pomona/v1/tokens/${id}`)).json

  test('with two tokens of one tenant is synced by the older; the younger takes over when that is deleted', async () => {
    const [first = '', second = ''] = await filesOf(lock)
    const older = await addSynced(service, first)
    await apple.control('DELETE', '/journal')
    const younger = await addSynced(service, second)

    expect(await view(younger)).toMatchObject({
      ...{ state: 'duplicateLocationId', stateReason: 'duplicateLocation' },
      ...{ recommendedAction: 'removeDuplicate', lastSyncStatus: 'completed' },
    })
    const v1 = await service.ask('GET', `/v1.0/deviceAppManagement/vppTokens/${younger}`)
    expect(v1.json.state).toBe('invalid')
    expect((await journal()).map(({ path }) => path.slice(8)).filter(isOfLocation)).toEqual([
      'client/config',
    ])
    expect((await storedView(service, younger)).assets).toEqual([])

    expect((await service.ask('DELETE', `${set}/${older}`)).status).toBe(204)
    expect(await syncEnd(service, younger)).toMatchObject({
      state: 'valid',
      stateReason: 'unclaimed',
    })
    expect(await storedView(service, younger)).toEqual(await trueView(apple, lock))
  })

  test('that another server took during a walk is told of by the next run, and is free again when it is', async () => {
    const kiel = '7000000000000001'
    const [file = ''] = await filesOf(kiel)
    const mdmInfo = { id: 'other', name: 'Other MDM', metadata: 'x' }
    await apple.control('POST', '/walk-scripts', {
      ...{ endpoint: 'assignments', beforePage: 0, uId: kiel },
      writes: [{ write: 'mdmInfo', mdmInfo }],
    })
    const id = await addSynced(service, file)
    expect(await syncNow(service, id)).toMatchObject({
      ...{ state: 'assignedToExternalMDM', stateReason: 'heldByOtherMdm' },
      stateMessage: expect.stringContaining('"Other MDM" (id other)'),
      lastSyncStatus: 'completed',
    })
    // Held by another, it is read all the same.
    expect(await storedView(service, id)).toEqual(await trueView(apple, kiel))
    await apple.control('DELETE', `/libraries/${kiel}/mdm-info`)
    expect(await syncNow(service, id)).toMatchObject({ state: 'valid', stateReason: 'unclaimed' })
  })

  test.each([
    ['20', 'assignedToExternalMDM', 'heldByOtherMdm'],
    ['21', 'valid', 'unclaimed'],
  ])('…%s of the seed is %s', async (number, state, stateReason) => {
    const uId = `70000000000000${number}`
    const id = await addSynced(service, (await filesOf(uId))[0] ?? '')
    expect(await view(id)).toMatchObject({ state, stateReason, lastSyncStatus: 'completed' })
    expect(await storedView(service, id)).toEqual(await trueView(apple, uId))
    expect(await assertions([{ assert: 'noWrites' }])).toEqual([])
  })

  async function assertions(rules: readonly object[]): Promise<readonly unknown[]> {
    const verdicts = await apple.control('POST', '/journal/assert', rules)
    return verdicts.filter(({ ok }: { ok: boolean }) => !ok)
  }

  test('of two tenants is read by one of them at a time, within Apple’s limits', async () => {
    await service.addTenant(otherTenantId)
    const other = await service.addClient(otherTenantId, ['DeviceManagementApps.ReadWrite.All'])
    const accessToken = await service.accessTokenOf(otherTenantId, other.id, other.secret)
    const [first = '', second = ''] = await filesOf(lock)
    const ours = await addSynced(service, first)
    const { json } = await service.ask('POST', set, { accessToken, body: { token: second } })
    await runEnd(otherTenantId, json.id)

    // Much that is new to both of them.
    await apple.control('POST', `/libraries/${lock}/buy`, { adamId: '9000099999', quantity: 10 })
    await apple.control('POST', `/libraries/${lock}/assignments`, {
      assets: [{ adamId: '9000099999' }],
      serialNumbers: Array.from({ length: 10 }, (_, index) => `LOCK${index}`),
    })
    // Short pages and slow answers: five of them are on their way at once, at Apple's default rate.
    await apple.control('PATCH', '/settings', {
      ...{ pageSizes: { assets: 1, assignments: 1, users: 1 }, latencyMs: 500 },
    })
    await apple.control('DELETE', '/journal')
    await Promise.all([
      service.ask('POST', `${set}/${ours}/syncLicenses`),
      service.ask('POST', `${set}/${json.id}/syncLicenses`, { accessToken }),
    ])
    await Promise.all([syncEnd(service, ours), runEnd(otherTenantId, json.id)])
    // Each tenant has it for itself: no word about the other.
    expect(await view(ours)).toMatchObject({ state: 'valid', stateReason: 'unclaimed' })
    const theirs = await service.ask('GET', `/pomona/v1/tokens/${json.id}`, { accessToken })
    expect(theirs.json).toMatchObject({ state: 'valid', stateReason: 'unclaimed' })
    expect(
      await assertions([
        { assert: 'maxParallel', n: 5 },
        { assert: 'maxRate', perSecond: 15 },
        { assert: 'tokenVerbatim' },
        { assert: 'pagedToEnd', endpoint: 'assignments' },
        { assert: 'noRestart', endpoint: 'assignments' },
      ]),
    ).toEqual([])
    const calls = (await journal()).filter(({ tokenFingerprint }) => tokenFingerprint !== null)
    expect(Math.max(...calls.map(({ inFlight }) => inFlight))).toBe(5)
    // First every call of one, then every call of the other.
    const readers = calls.map(({ tokenFingerprint }) => tokenFingerprint)
    expect(readers.filter((reader, at) => reader !== readers[at - 1])).toHaveLength(2)
  }, 60_000)

  async function runEnd(tenant: string, id: string): Promise<void> {
    const { runs } = service.storage.forTenant(tenant).reads
    while ((await runs.findActive(id)) !== undefined)
      await new Promise((resolve) => setTimeout(resolve, 20))
  }

  test('whose token passes its date shows it in time, without a run', async () => {
    const expiresAt = new Date(Date.now() + 4_000).toISOString()
    const { file } = await apple.control('POST', '/libraries/7000000000000001/tokens', {
      ...{ account: 'z1@harbour.example', expiresAt },
    })
    const id = await addSynced(service, file)
    expect(await view(id)).toMatchObject({ state: 'valid' })
    const etag = (await service.ask('GET', `${set}/${id}`)).headers.etag
    await apple.control('DELETE', '/journal')
    const shown = await until(
      () => view(id),
      ({ state }) => state === 'expired',
    )

    const lateMs = Date.now() - Date.parse(shown.expirationDateTime)
    expect(lateMs).toBeGreaterThanOrEqual(0)
    expect(lateMs).toBeLessThan(5_000)
    expect(shown).toMatchObject({ stateReason: 'expired', lastSyncStatus: 'completed' })
    expect((await service.ask('GET', `${set}/${id}`)).headers.etag).not.toBe(etag)
    expect(await assertions([{ assert: 'noRequests' }])).toEqual([])
    const { rows } = await service.storage.forTenant(tenantId).reads.audit.list({ limit: 1 })
    expect(rows[0]).toMatchObject({ action: 'token.stateChanged', subject: id, actor: 'pomona' })
  })
})

// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever JSON came back
async function until(look: () => Promise<any>, isThere: (seen: any) => boolean): Promise<any> {
  for (let looks = 0; looks < 500; looks += 1) {
    const seen = await look()
    if (isThere(seen)) return seen
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error('It did not come in time')
}

const isOfLocation = (path: string) => path !== 'service/config'

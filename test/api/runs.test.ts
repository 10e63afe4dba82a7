import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { queuedRun, type SyncRun } from '../../src/model/sync-run.ts'
import { type RunningService, runningService, tenantId } from '../running-service.ts'

const tokens = '/pomona/v1/tokens'
const runId = (number: number) => `01900000-0000-7000-8000-00000000000${number}`
const at = (hour: number) => `2026-12-01T${String(hour).padStart(2, '0')}:00:00.0000000Z`

describe('the history of syncs', () => {
  let service: RunningService
  let tokenId = ''

  beforeAll(async () => {
    service = await runningService({ appleMode: 'off' })
    const created = await service.ask('POST', '/beta/deviceAppManagement/vppTokens', {
      body: { displayName: 'Kiel' },
    })
    tokenId = created.json.id
    const run = (number: number, part: Partial<SyncRun>): SyncRun => ({
      ...queuedRun({ id: runId(number), tokenId, cause: 'schedule', now: at(number) }),
      ...{ status: 'completed', startedAt: at(number), endedAt: at(number) },
      ...part,
    })
    await service.storage.forTenant(tenantId).transaction(async ({ runs }) => {
      await runs.insert(run(1, { cause: 'create' }))
      await runs.insert(
        run(2, {
          status: 'failed',
          finding: { reason: 'maintenance', isDefinite: false, errorNumber: 9729 },
          refusals: [{ errorNumber: 9729, httpStatus: 503, text: 'Later.', times: 5 }],
        }),
      )
      await runs.insert(
        run(3, {
          versionsBefore: { assets: 'a1' },
          versions: { assets: 'a1', assignments: 'b2' },
          readings: { assets: 'unchanged', assignments: 'delta' },
          counts: {
            ...{ assets: 1, totalLicenses: 9, availableLicenses: 8, assignedLicenses: 1 },
            ...{ retiredLicenses: 0, assignments: 1, users: 0 },
          },
          unknownFields: ['asset.novelty'],
        }),
      )
      const none = { countsBefore: null, countsAfter: null, statusBefore: null, statusAfter: null }
      const asset = { adamId: '9000000001', pricingParam: 'STDQ' }
      await runs.insertChanges(runId(3), [
        {
          ...none,
          ...asset,
          subject: 'assignment',
          change: 'added',
          serialNumber: 'S1',
          clientUserId: null,
        },
        {
          ...none,
          ...asset,
          subject: 'assignment',
          change: 'removed',
          serialNumber: 'S2',
          clientUserId: null,
        },
        {
          ...{ ...none, ...asset, subject: 'asset', change: 'changed' },
          ...{ serialNumber: null, clientUserId: null },
          countsBefore: { type: 'assetCounts', total: 9, available: 9, assigned: 0, retired: 0 },
          countsAfter: { type: 'assetCounts', total: 9, available: 8, assigned: 1, retired: 0 },
        },
      ])
    })
  })
  afterAll(() => service.close())

  const get = async (path: string) => (await service.ask('GET', path)).json
  const ids = async (query: string) =>
    (await get(`${tokens}/${tokenId}/runs?${query}`)).value.map(({ id }: { id: string }) =>
      Number(id.slice(-1)),
    )

  test('lists runs newest first, page by page', async () => {
    // The token itself was created before them, and waits for its first.
    expect((await ids('$top=9')).slice(0, 3)).toEqual([3, 2, 1])
    const first = await get(`${tokens}/${tokenId}/runs?$top=2&$count=true`)
    expect(first['@odata.count']).toBe(4)
    const link = new URL(first['@odata.nextLink'])
    const second = await get(`${link.pathname}${link.search}`)
    expect(second.value[0].id).toBe(runId(1))
    expect(second.value).toHaveLength(2)
  })

  test('filters and orders them by what they are asked for', async () => {
    expect(await ids("$filter=status eq 'failed'")).toEqual([2])
    expect(await ids(`$filter=startedDateTime ge ${at(2)}&$orderby=requestedDateTime`)).toEqual([
      2, 3,
    ])
    const refused = await service.ask('GET', `${tokens}/${tokenId}/runs?$filter=requests gt 1`)
    expect(refused.status).toBe(400)
  })

  test('shows a run whole', async () => {
    expect(await get(`/pomona/v1/runs/${runId(3)}`)).toEqual({
      id: runId(3),
      tokenId,
      cause: 'schedule',
      status: 'completed',
      requestedDateTime: '2026-12-01T03:00:00Z',
      startedDateTime: '2026-12-01T03:00:00Z',
      endedDateTime: '2026-12-01T03:00:00Z',
      finding: null,
      refusals: [],
      ...{ requests: 0, pages: 0, tries: 0, waitedMs: 0 },
      readings: { assets: 'unchanged', assignments: 'delta', users: null },
      versionsBefore: { assets: 'a1', assignments: null, users: null },
      versions: { assets: 'a1', assignments: 'b2', users: null },
      counts: {
        ...{ assets: 1, totalLicenses: 9, availableLicenses: 8, assignedLicenses: 1 },
        ...{ retiredLicenses: 0, assignments: 1, users: 0 },
      },
      ...{ rowsAdded: 0, rowsChanged: 0, rowsRemoved: 0, rowsSuspect: 0 },
      ...{ assetsUneven: 0, expirationDriftSeconds: 0, changesUnlisted: 0 },
      unknownFields: ['asset.novelty'],
    })
    expect(await get(`/pomona/v1/runs/${runId(2)}`)).toMatchObject({
      finding: { reason: 'maintenance', isDefinite: false, errorNumber: 9729, httpStatus: null },
      refusals: [{ errorNumber: 9729, httpStatus: 503, text: 'Later.', times: 5 }],
    })
  })

  test('lists what a run changed, in the order in which it was done', async () => {
    const { value } = await get(`/pomona/v1/runs/${runId(3)}/changes`)
    expect(value.map((row: Record<string, unknown>) => [row.subject, row.change])).toEqual([
      ['assignment', 'added'],
      ['assignment', 'removed'],
      ['asset', 'changed'],
    ])
    expect(value[2]).toEqual({
      ...{ subject: 'asset', change: 'changed', adamId: '9000000001', pricingParam: 'STDQ' },
      ...{ serialNumber: null, clientUserId: null, statusBefore: null, statusAfter: null },
      countsBefore: { total: 9, available: 9, assigned: 0, retired: 0 },
      countsAfter: { total: 9, available: 8, assigned: 1, retired: 0 },
    })
    const filter = "$filter=subject eq 'assignment' and serialNumber eq 'S2'&$count=true"
    const found = await get(`/pomona/v1/runs/${runId(3)}/changes?${filter}`)
    expect([found['@odata.count'], found.value.length]).toEqual([1, 1])
  })

  test('pages through the changes', async () => {
    const first = await get(`/pomona/v1/runs/${runId(3)}/changes?$top=2`)
    const link = new URL(first['@odata.nextLink'])
    const second = await get(`${link.pathname}${link.search}`)
    expect(second.value).toHaveLength(1)
  })

  test('a run, its changes and a token that are not there, or another tenant’s, are not found', async () => {
    const absent = runId(9)
    for (const path of [
      `/pomona/v1/runs/${absent}`,
      `/pomona/v1/runs/${absent}/changes`,
      `${tokens}/${absent}/runs`,
    ])
      expect([path, (await service.ask('GET', path)).status]).toEqual([path, 404])
  })
})

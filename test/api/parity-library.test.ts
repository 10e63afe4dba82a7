/** What docs/compatibility.md promises of a synced location and no other test shows; the service's clock runs fast. */
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Clock } from '../../src/model/clock.ts'
import { type RunningService, runningService, tenantId } from '../running-service.ts'
import { type AppleSide, appleSide } from '../together/apple-side.ts'
import { addSynced } from '../together/stored-truth.ts'

const apps = '/beta/deviceAppManagement/mobileApps'
const kiel = '7000000000000001'
const factor = 60
const beganMs = Date.now()
const fast: Clock = {
  now: () => new Date(beganMs + (Date.now() - beganMs) * factor),
  sleep: (ms, signal) => delay(ms / factor, undefined, signal ? { signal } : {}),
}

describe('a synced location', () => {
  let apple: AppleSide
  let service: RunningService
  let tokenId = ''
  beforeAll(async () => {
    apple = await appleSide(['small'])
    await apple.control('PATCH', '/settings', {
      ...{ limits: { maxRequestPerSecond: 10_000 }, eventDelaySeconds: 0 },
    })
    service = await runningService({
      ...{ appleMode: 'simulated', appleUrl: apple.dataUrl, clock: fast },
    })
    const [token] = await apple.tokensOf(kiel)
    tokenId = await addSynced(service, token?.file ?? '')
  })
  afterAll(async () => {
    await service?.close()
    await apple?.close()
  })

  const list = async (path: string) => (await service.ask('GET', path)).json.value
  async function until(holds: () => Promise<boolean>): Promise<void> {
    for (let look = 0; look < 2_000; look += 1) {
      if (await holds()) return
      await delay(10)
    }
    throw new Error('It did not come in time')
  }
  async function claim(): Promise<void> {
    const path = `/beta/deviceAppManagement/vppTokens/${tokenId}`
    await service.ask('PATCH', path, { body: { claimTokenManagementFromExternalMdm: true } })
    await service.ask('POST', `${path}/syncLicenses`)
    const { ownership } = service.storage.forTenant(tenantId).reads
    await until(async () => (await ownership.find(kiel))?.state === 'ours')
  }

  test('shows licences of a Mac app as one type, each with an id that stays', async () => {
    const filter = "$filter=displayName eq 'Harbour Weather'"
    const [app] = await list(`${apps}/graph.macOsVppApp?${filter}`)
    const path = `${apps}/${app.id}/microsoft.graph.macOsVppApp/assignedLicenses`
    const [license, ...others] = await list(path)
    expect(others).toEqual([])
    expect(license).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      userId: null,
      userName: null,
      userEmailAddress: null,
      userPrincipalName: null,
    })
    expect((await service.ask('GET', `${path}/${license.id}`)).json).toMatchObject(license)
  })

  test('tells of its runs and of what they changed', async () => {
    const [run] = await list(`/pomona/v1/tokens/${tokenId}/runs`)
    expect(run).toMatchObject({ tokenId, cause: 'create', status: 'completed', rowsAdded: 11 })
    expect((await service.ask('GET', `/pomona/v1/runs/${run.id}`)).json).toMatchObject(run)
    const changes = await list(`/pomona/v1/runs/${run.id}/changes?$filter=subject eq 'user'`)
    expect(changes).toHaveLength(3)
    expect(changes[0]).toMatchObject({ change: 'added', clientUserId: 'u-0001' })
  })

  test('lets a user’s licence of an app be taken back, and all of them', async () => {
    await claim()
    const [app] = await list(`${apps}?$filter=displayName eq 'Tidepool Notes'`)
    const path = `${apps}/${app.id}`
    const results = async () =>
      (await service.ask('GET', `${path}/graph.iosVppApp`)).json.revokeLicenseActionResults
    const finished = (actionName: string) =>
      until(async () =>
        (await results()).some(
          (one: Record<string, unknown>) =>
            one.actionName === actionName && one.actionState === 'done',
        ),
      )
    const body = { userId: 'u-0001', notifyManagedDevices: false }
    const ofUser = await service.ask('POST', `${path}/revokeUserLicense`, { body })
    expect([ofUser.status, ofUser.text]).toEqual([204, ''])
    await finished('revokeUserLicense')
    expect(await results()).toMatchObject([{ userId: 'u-0001', totalLicensesCount: 1 }])

    const all = { notifyManagedDevices: false }
    expect((await service.ask('POST', `${path}/revokeAllLicenses`, { body: all })).status).toBe(204)
    await finished('revokeAllLicenses')
    const { assignments } = await apple.control('GET', `/libraries/${kiel}/truth`)
    const left = assignments.filter((one: { adamId: string }) => one.adamId === '9000000001')
    expect(left).toEqual([])
  })
})

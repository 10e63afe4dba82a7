/** Apple tells of changes in a claimed location (Apple 6): registered with its test, received over HTTPS, never believed. */
import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/compose/system-clock.ts'
import type { Clock } from '../../src/model/clock.ts'
import { type RunningService, runningService, tenantId } from '../running-service.ts'
import { type AppleSide, appleSide } from './apple-side.ts'
import { addSynced, storedView, syncNow, trueView } from './stored-truth.ts'

const held = '7000000000000020'
const free = '7000000000000021'
const oldMdm = '5e1f0c4e-0000-4000-8000-0000000000ff'

describe('a service that Apple can reach', () => {
  let apple: AppleSide
  let service: RunningService
  let aheadMs = 0
  const clock: Clock = {
    now: () => new Date(Date.now() + aheadMs),
    sleep: systemClock.sleep,
  }
  beforeAll(async () => {
    apple = await appleSide(['external-mdm'])
    const port = await freePort()
    service = await runningService({
      ...{ appleMode: 'simulated', appleUrl: apple.dataUrl, clock },
      settings: {
        listen: { host: '127.0.0.1', port },
        'public-origin': [`https://localhost:${port}`],
        'apple-notifications': true,
        'instance-name': 'Pomona at harbour.example',
      },
    })
    await apple.control('PATCH', '/settings', { notificationCa: service.caPem })
  })
  afterAll(async () => {
    await service.close()
    await apple.close()
  })

  const token = (id: string, more = '') => `/pomona/v1/tokens/${id}${more}`
  const owner = async (id: string) => (await service.ask('GET', token(id, '/owner'))).json
  const sent = async () => (await apple.control('GET', '/notifications')).notifications
  const ended = (id: string) => syncEnded(service, id)

  async function claimed(uId: string, holderId: string | null): Promise<string> {
    const [content] = await apple.tokensOf(uId)
    const id = await addSynced(service, content?.file ?? '')
    const answer = await service.ask('POST', token(id, '/claim'), { body: { holderId } })
    expect(answer.status).toBe(200)
    await ended(id)
    aheadMs += 61_000
    await syncNow(service, id)
    return id
  }

  test('claims through its own API, registers for notifications and is told', async () => {
    const [content] = await apple.tokensOf(held)
    const id = await addSynced(service, content?.file ?? '')
    expect(await owner(id)).toMatchObject({
      ...{ id, locationId: held, ownershipState: 'observe', isHeldByPomona: false },
      ...{ ownMdmId: null, holder: { id: oldMdm, name: 'Old MDM' } },
      claimConsequences: [expect.stringContaining(`"Old MDM" (id ${oldMdm})`), ...anySentences(3)],
    })
    const claim = (body?: object) =>
      service.ask('POST', token(id, '/claim'), body === undefined ? {} : { body })
    expect((await claim({})).json.error).toMatchObject({ target: 'holderId' })
    expect((await claim({ holderId: null })).status).toBe(409)
    expect((await claim({ holderId: 'somebody' })).json.error.message).toContain('Old MDM')
    expect((await service.ask('POST', token(id, '/release'))).status).toBe(409)

    expect((await claim({ holderId: oldMdm })).json).toMatchObject({ isClaimPending: true })
    await ended(id)
    expect((await service.ask('GET', token(id))).json).toMatchObject({
      ...{ state: 'valid', stateReason: 'unclaimed', recommendedAction: 'wait' },
    })
    expect(await sent()).toEqual([])
    aheadMs += 61_000
    expect(await syncNow(service, id)).toMatchObject({ state: 'valid', stateReason: 'ok' })
    expect(await owner(id)).toMatchObject({
      ...{ ownershipState: 'ours', isHeldByPomona: true, areNotificationsOn: true },
      ...{ notificationMessage: null, claimConsequences: [] },
      holder: { name: 'Pomona at harbour.example' },
    })
    expect(await sent()).toMatchObject([{ type: 'TEST_NOTIFICATION', standing: 'delivered' }])
    expect(
      await broken([
        { assert: 'claimVerified', uId: held },
        { assert: 'noSecretInUrl' },
        { assert: 'requestCount', match: { method: 'POST' }, n: 2 },
      ]),
    ).toEqual([])

    aheadMs += 60_000
    const asset = { adamId: '9000099001', quantity: 7 }
    await apple.control('POST', `/libraries/${held}/buy`, asset)
    await until(async () => (await sent()).at(-1)?.standing === 'delivered')
    expect((await sent()).at(-1)).toMatchObject({ type: 'ASSET_COUNT' })
    await until(async () => (await runs(id))[0]?.cause === 'notification')
    await ended(id)
    expect(await storedView(service, id)).toEqual(await trueView(apple, held))

    // The secret, as Apple alone has it, and the content token that shows it there.
    const { notificationAuthToken } = await configOf(content?.file ?? '')
    expect(notificationAuthToken).toMatch(/^[A-Za-z0-9_-]{43}$/)
    const said = [JSON.stringify(service.observed), JSON.stringify(await owner(id))]
    for (const name of await readdir(service.dataDir))
      said.push(await readFile(join(service.dataDir, name), 'latin1'))
    expect(said.length).toBeGreaterThan(2)
    expect(said.filter((text) => text.includes(notificationAuthToken))).toEqual([])

    // Once more under the same id: taken, and nothing begins.
    const before = (await runs(id)).length
    const { notificationId } = (await sent()).at(-1)
    await apple.control('POST', '/notifications/redeliver', { id: notificationId })
    await until(async () => (await sent()).at(-1)?.tries.length >= 2)
    expect((await sent()).at(-1)).toMatchObject({ standing: 'delivered' })
    expect((await runs(id)).length).toBe(before)

    await apple.control('POST', '/notifications/send', { uId: held, type: 'UNLIMITED_ASSET' })
    await until(() =>
      service.observed.some(
        (one) => one.kind === 'notificationUnknown' && one.type === 'UNLIMITED_ASSET',
      ),
    )
  }, 60_000)

  test('goes on without them where Apple cannot deliver, and says so', async () => {
    const drop = { type: 'TEST_NOTIFICATION', uId: free }
    await apple.control('POST', '/notifications/drop', drop)
    const id = await claimed(free, null)
    expect(await owner(id)).toMatchObject({
      ...{ ownershipState: 'ours', areNotificationsOn: false },
      notificationMessage:
        'Apple cannot deliver notifications (9728). Pomona polls instead; nothing is lost.',
    })
    expect((await service.ask('GET', token(id))).json).toMatchObject({
      ...{ state: 'valid', stateReason: 'ok', lastSyncStatus: 'completed' },
    })
  }, 60_000)

  test('gives a location up with its notifications', async () => {
    const { json } = await service.ask('GET', '/pomona/v1/tokens')
    const id = json.value.find((one: { locationId: string }) => one.locationId === held).id
    const { ownMdmId } = await owner(id)
    expect((await service.ask('POST', token(id, '/release'))).json).toMatchObject({
      isReleasePending: true,
    })
    await ended(id)
    expect(await owner(id)).toMatchObject({
      ...{ ownershipState: 'released', isHeldByPomona: false, areNotificationsOn: false },
      holder: { id: ownMdmId, name: 'Released: Pomona at harbour.example' },
    })
    const before = (await sent()).length
    await apple.control('POST', `/libraries/${held}/buy`, { adamId: '9000099001', quantity: 1 })
    expect((await sent()).length).toBe(before)
  }, 60_000)

  test('lets nobody in without the secret, or about another location', async () => {
    const { reads } = service.storage.instance
    const id = (await service.ask('GET', '/pomona/v1/tokens')).json.value[0].id
    const channel = await service.storage.forTenant(tenantId).reads.channels.find(id)
    const path = `/apple/notify/${channel?.id}`
    expect((await reads.channels.find(channel?.id ?? ''))?.hashes.length).toBeGreaterThan(0)
    const notify = (accessToken: string | null, target = path) =>
      service.ask('POST', target, { accessToken, body: { notificationType: 'ASSET_COUNT' } })
    expect((await notify('wrong')).status).toBe(401)
    expect((await notify(null)).status).toBe(401)
    expect((await notify('wrong', '/apple/notify/nobody')).status).toBe(401)
    expect((await notify('wrong', '/apple/notify/')).status).toBe(401)
    expect((await service.ask('GET', path)).status).toBe(405)
  })

  // biome-ignore lint/suspicious/noExplicitAny: whatever Apple's side answers
  async function configOf(file: string): Promise<any> {
    const headers = { authorization: `Bearer ${file}` }
    return (await fetch(`${apple.dataUrl}/client/config`, { headers })).json()
  }
  const runs = async (id: string) =>
    (await service.storage.forTenant(tenantId).reads.runs.list(id, { limit: 50 })).rows
  const broken = async (rules: readonly object[]) =>
    (await apple.control('POST', '/journal/assert', rules)).filter(({ ok }: { ok: boolean }) => !ok)
})

const anySentences = (count: number) => Array.from({ length: count }, () => expect.any(String))

async function syncEnded(service: RunningService, id: string): Promise<void> {
  const { runs } = service.storage.forTenant(tenantId).reads
  await until(async () => (await runs.findActive(id)) === undefined)
}

async function until(isThere: () => boolean | Promise<boolean>): Promise<void> {
  for (let looks = 0; looks < 800; looks += 1) {
    if (await isThere()) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error('It did not come in time')
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

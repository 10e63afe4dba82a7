/** Licences and users through the API of a running service, with the simulator behind it; the service's clock runs fast. */
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Clock } from '../../src/model/clock.ts'
import { type RunningService, runningService, tenantId } from '../running-service.ts'
import { type AppleSide, appleSide } from './apple-side.ts'
import { addSynced, storedView, syncEnd, trueView } from './stored-truth.ts'

const kiel = '7000000000000001'
const factor = 60
const beganMs = Date.now()
const fast: Clock = {
  now: () => new Date(beganMs + (Date.now() - beganMs) * factor),
  sleep: (ms, signal) => delay(ms / factor, undefined, signal ? { signal } : {}),
}

describe('licences over the API', () => {
  let apple: AppleSide
  let service: RunningService
  let tokenId = ''
  const at = (path: string) => `/pomona/v1/tokens/${tokenId}${path}`
  const app = { adamId: '9000000001' }

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
    await service.close()
    await apple.close()
  })

  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever JSON came back
  async function ended(id: string): Promise<any> {
    for (let look = 0; look < 2_000; look += 1) {
      const { json } = await service.ask('GET', `/pomona/v1/intents/${id}`)
      if (['done', 'incomplete', 'failed'].includes(json.status)) return json
      await delay(10)
    }
    throw new Error('The intent did not end.')
  }

  test('are planned, and refused while the location is not claimed', async () => {
    const body = { action: 'assign', assets: [app], serialNumbers: ['POMSER000001', 'POMSER9'] }
    const { status, json } = await service.ask('POST', at('/plan'), { body })
    expect(status).toBe(200)
    expect(json).toMatchObject({
      ...{ totalCount: 2, toDoCount: 1, skipped: { alreadyDone: 1 }, callCount: 1 },
      assets: [{ adamId: '9000000001', toDoCount: 1, availableCount: 8, assignedCount: 2 }],
      pairs: [
        { serialNumber: 'POMSER000001', skippedFor: 'alreadyDone' },
        { serialNumber: 'POMSER9', skippedFor: null },
      ],
    })
    expect(json.refusal).toMatch(/claim/)
    const refused = await service.ask('POST', at('/intents'), { body })
    expect([refused.status, refused.json.error.message]).toEqual([
      409,
      expect.stringMatching(/claim/),
    ])
    expect((await apple.control('GET', '/events')).events).toEqual([])
  })

  test('are planned with why a part of it would not be done, before anybody is asked', async () => {
    const plus = { adamId: '9000000003' }
    const assets = [app, plus, { adamId: '9999999999' }]
    const body = { action: 'assign', assets, clientUserIds: ['u-0003', 'nobody'] }
    const { json } = await service.ask('POST', at('/plan'), { body })
    expect([json.toDoCount, json.skipped]).toEqual([
      ...[1, { userNotFound: 1, otherQualityOwned: 2, notOwned: 2 }],
    ])
    const why = (one: Record<string, unknown>) => [one.adamId, one.clientUserId, one.skippedFor]
    expect(json.pairs.map(why)).toEqual([
      ['9000000001', 'u-0003', null],
      ['9000000003', 'u-0003', 'otherQualityOwned'],
      ['9999999999', 'u-0003', 'notOwned'],
      ['9000000001', 'nobody', 'userNotFound'],
      ['9000000003', 'nobody', 'otherQualityOwned'],
      ['9999999999', 'nobody', 'notOwned'],
    ])
    expect(json.pairs[0].message).toBeNull()
    expect(json.pairs[1].message).toMatch(/--quality PLUS/)
    expect((await apple.control('GET', '/events')).events).toEqual([])
  })

  test('are assigned once the location is claimed, and each pair has its receipt', async () => {
    await claim()
    const body = { action: 'assign', assets: [app], serialNumbers: ['POMSER000001', 'POMSER9'] }
    const asked = await service.ask('POST', at('/intents'), { body })
    expect([asked.status, asked.json]).toMatchObject([
      201,
      { tokenId, action: 'assign', status: 'waiting', cause: 'request', totalCount: 0 },
    ])
    const { id } = asked.json
    expect(asked.headers.location).toBe(`${service.origin}/pomona/v1/intents('${id}')`)
    expect((await service.ask('GET', `/pomona/v1/intents('${id}')`)).json.id).toBe(id)
    expect(await ended(id)).toMatchObject({
      ...{ status: 'done', totalCount: 2, doneCount: 1, skippedCount: 1, failedCount: 0 },
    })
    const receipts = await service.ask(
      'GET',
      `/pomona/v1/intents/${id}/receipts?$filter=status eq 'done'&$count=true`,
    )
    expect(receipts.json).toEqual({
      '@odata.count': 1,
      value: [
        {
          ...{ adamId: '9000000001', pricingParam: 'STDQ', serialNumber: 'POMSER9' },
          ...{ clientUserId: null, status: 'done', reason: null, errorNumber: 0 },
          message: null,
        },
      ],
    })
    const told = service.observed.filter(({ kind }) => kind === 'intentEnded')
    expect(told).toEqual([
      {
        ...{ kind: 'intentEnded', tenantId, tokenId, intentId: id, action: 'assign' },
        ...{ status: 'done', done: 1, skipped: 1, failed: 0, unknown: 0 },
        durationMs: expect.any(Number),
      },
    ])
    await syncEnd(service, tokenId)
    expect(await storedView(service, tokenId)).toEqual(await trueView(apple, kiel))
    const listed = await service.ask('GET', at('/intents?$top=1&$orderby=createdDateTime desc'))
    expect(listed.json.value).toMatchObject([{ id, status: 'done' }])
    expect((await service.ask('GET', '/pomona/v1/intents')).json.value).toHaveLength(1)
  })

  test('and users are listed, filtered and paged', async () => {
    const licenses = await service.ask(
      'GET',
      at("/licenses?$filter=serialNumber eq 'POMSER9' or clientUserId eq 'u-0001'&$top=2"),
    )
    expect(licenses.json.value).toHaveLength(2)
    const next = new URL(licenses.json['@odata.nextLink'])
    const last = await service.ask('GET', `${next.pathname}${next.search}`)
    expect([...licenses.json.value, ...last.json.value]).toContainEqual({
      ...{ adamId: '9000000001', pricingParam: 'STDQ', displayName: 'Tidepool Notes' },
      ...{ serialNumber: 'POMSER9', clientUserId: null, userEmailAddress: null },
    })
    expect(last.json.value).toHaveLength(1)
    const users = await service.ask('GET', at("/users?$filter=status ne 'Retired'"))
    expect(
      users.json.value.map(({ clientUserId }: { clientUserId: string }) => clientUserId),
    ).toEqual(['u-0001', 'u-0003'])
  })

  test.each([
    [{ action: 'assing' }, /action/],
    [{ action: 'assign', assets: [{ adamId: 5 }], serialNumbers: ['A'] }, /adamId/],
    [{ action: 'assign', assets: [app] }, /serialNumbers or clientUserIds/],
    [{ action: 'assign', assets: [app], serialNumbers: [] }, /at least one/],
    [{ action: 'assign', assets: [app], serialNumber: ['A'] }, /Did you mean 'serialNumbers'/],
    [{ action: 'reclaim' }, /takes one of/],
    [{ action: 'reclaim', everything: false }, /everything/],
    [{ action: 'reclaim', adamId: '1', everything: true }, /takes one of/],
    [{ action: 'reclaim', knownSerialNumbers: [] }, /at least one/],
    [{ action: 'createUsers', users: [{ clientUserId: 'a' }, { clientUserId: 'a' }] }, /twice/],
    [[], /JSON object/],
  ])('asked for as %j are refused with what is wrong', async (body, message) => {
    const { status, json } = await service.ask('POST', at('/intents'), { body })
    expect([status, json.error.message]).toEqual([400, expect.stringMatching(message)])
  })

  test('asked for twice with one Idempotency-Key are asked for once (D18)', async () => {
    const send = (body: object, headers: object = {}) =>
      service.ask('POST', at('/intents'), {
        body,
        headers: { 'idempotency-key': 'change-1', ...headers },
      })
    const body = { action: 'assign', assets: [app], serialNumbers: ['POMSER9'] }
    const answers = await Promise.all([send(body), send(body)])
    const first = answers[0]?.json
    await ended(first.id)
    answers.push(await send(body))
    expect(answers.map(({ status, json }) => [status, json])).toEqual(
      answers.map(() => [201, first]),
    )
    const other = await send({ ...body, serialNumbers: ['POMSER8'] })
    expect([other.status, other.json.error.code]).toEqual([422, 'UnprocessableEntity'])
    const created = await service.ask('POST', '/beta/deviceAppManagement/vppTokens', {
      ...{ body: {}, headers: { 'idempotency-key': 'change-1' } },
    })
    expect(created.status).toBe(422)
    expect((await service.ask('GET', at('/intents'))).json.value).toHaveLength(2)
    const another = (await send(body, { 'idempotency-key': 'change-2' })).json
    expect(another.id).not.toBe(first.id)
    await ended(another.id)
  })

  test('are taken back by the actions of Graph, which show what became of it', async () => {
    const apps = await service.ask('GET', '/beta/deviceAppManagement/mobileApps')
    const appId = apps.json.value.find(
      (one: Record<string, unknown>) => one.displayName === 'Tidepool Notes',
    ).id
    const path = `/beta/deviceAppManagement/mobileApps/${appId}`
    const missing = await service.ask('POST', `${path}/revokeDeviceLicense`, { body: {} })
    expect([missing.status, missing.json.error.code]).toEqual([400, 'BadRequest'])
    const body = { managedDeviceId: 'POMSER9', notifyManagedDevices: false }
    expect((await service.ask('POST', `${path}/revokeDeviceLicense`, { body })).status).toBe(204)
    const [{ id }] = (await service.ask('GET', at('/intents?$orderby=createdDateTime desc'))).json
      .value
    expect(await ended(id)).toMatchObject({ cause: 'revokeDeviceLicense', doneCount: 1 })
    const shown = await service.ask('GET', `${path}/microsoft.graph.iosVppApp`)
    expect(shown.json.revokeLicenseActionResults).toMatchObject([
      {
        ...{ actionName: 'revokeDeviceLicense', actionState: 'done', managedDeviceId: 'POMSER9' },
        ...{ totalLicensesCount: 1, failedLicensesCount: 0, actionFailureReason: 'none' },
      },
    ])

    const tokens = `/beta/deviceAppManagement/vppTokens/${tokenId}`
    const all = { notifyManagedDevices: false, revokeUntrackedLicenses: true }
    expect((await service.ask('POST', `${tokens}/revokeLicenses`, { body: all })).status).toBe(204)
    const newest = await service.ask('GET', at('/intents?$top=1&$orderby=createdDateTime desc'))
    await ended(newest.json.value[0].id)
    expect((await service.ask('GET', tokens)).json.tokenActionResults).toMatchObject([
      {
        '@odata.type': '#microsoft.graph.vppTokenRevokeLicensesActionResult',
        ...{ actionName: 'revokeLicenses', actionState: 'done', totalLicensesCount: 3 },
      },
    ])
    await syncEnd(service, tokenId)
    expect(await storedView(service, tokenId)).toEqual(await trueView(apple, kiel))
  })

  test('that cannot be done say in their receipt why, and what to do', async () => {
    const failed = await service.ask('POST', at('/intents'), {
      body: { action: 'retireUsers', users: [{ clientUserId: 'nobody' }] },
    })
    await ended(failed.json.id)
    const receipts = await service.ask('GET', `/pomona/v1/intents/${failed.json.id}/receipts`)
    expect(receipts.json.value).toEqual([
      {
        ...{ adamId: '', pricingParam: '', serialNumber: null, clientUserId: 'nobody' },
        ...{ status: 'failed', reason: 'userNotFound', errorNumber: 0 },
        message:
          'No such user is registered at the location. Register the user first (pomona user create), then ask again.',
      },
    ])
  })

  test('of another tenant are as good as not there', async () => {
    const other = '11111111-1111-4111-8111-111111111111'
    await service.addTenant(other)
    const client = await service.addClient(other, ['DeviceManagementServiceConfig.ReadWrite.All'])
    const accessToken = await service.accessTokenOf(other, client.id, client.secret)
    const [{ id }] = (await service.ask('GET', at('/intents'))).json.value
    for (const path of [
      ...[`/pomona/v1/intents/${id}`, `/pomona/v1/intents/${id}/receipts`],
      ...[at('/intents'), at('/licenses'), at('/users')],
    ])
      expect((await service.ask('GET', path, { accessToken })).status).toBe(404)
    const mine = await service.ask('GET', '/pomona/v1/intents', { accessToken })
    expect(mine.json.value).toEqual([])
    const body = { action: 'reclaim', everything: true }
    for (const path of [at('/plan'), at('/intents')])
      expect((await service.ask('POST', path, { accessToken, body })).status).toBe(404)
  })

  async function claim(): Promise<void> {
    const path = `/beta/deviceAppManagement/vppTokens/${tokenId}`
    await service.ask('PATCH', path, { body: { claimTokenManagementFromExternalMdm: true } })
    await service.ask('POST', `${path}/syncLicenses`)
    for (let look = 0; look < 1_000; look += 1) {
      const { ownership } = service.storage.forTenant(tenantId).reads
      if ((await ownership.find(kiel))?.state === 'ours') return
      await delay(10)
    }
    throw new Error('The location could not be claimed.')
  }
})

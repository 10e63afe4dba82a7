/** `kill -9` of the built service at seeded random moments inside assign and reclaim: every intent ends in receipts that are true. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Agent } from 'undici'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAppleVpp } from '../../src/apple/apple-vpp.ts'
import { trustingFetch } from '../../src/cli/trusting-fetch.ts'
import { type Instance, openInstance } from '../../src/compose/instance.ts'
import { holdLeases } from '../../src/domain/sync/held-leases.ts'
import { runTaken } from '../../src/domain/sync/run-taken.ts'
import { addToken } from '../../src/domain/tokens/add-token.ts'
import { instantOf, instantPlus, millisecondsAt } from '../../src/model/date-time-offset.ts'
import type { LicenseStep, StoredIntent } from '../../src/model/license-intent.ts'
import { observed } from '../../src/model/ownership.ts'
import { scriptedStore } from '../sync/scripted-store.ts'
import { pomona, runBuilt, type Started, simulator, startBuilt } from './built-program.ts'
import { seededRandom } from './seeded-random.ts'

const tenantId = '3f2a7c1e-0d4b-4a55-9c1e-7b2f00c0ffee'
const seed = Number(process.env.POMONA_TEST_SEED ?? 20261122)
const kills = 15
const locations = 6
const leaseMs = 60_000
const adamIds = Array.from({ length: 8 }, (_, at) => String(9_000_060_000 + at))
const devices = Array.from({ length: 12 }, (_, at) => `QUAY${at}`)

interface Berth {
  readonly uId: string
  tokenId: string
}

describe(`licences of a service that is killed ${kills} times (POMONA_TEST_SEED=${seed})`, () => {
  const random = seededRandom(seed)
  const some = <T>(list: readonly T[], most: number): readonly T[] => {
    const from = Math.floor(random() * list.length)
    return list.slice(from, from + 1 + Math.floor(random() * most))
  }
  const berths: Berth[] = []
  const accepted: string[] = []
  let folder = ''
  let place: readonly string[] = []
  let apple: Started
  let service: Started | undefined
  let client: { clientId: string; clientSecret: string }
  const shift = { ms: 0 }
  const clock = {
    now: () => new Date(Date.now() + shift.ms),
    sleep: async (ms: number) => {
      shift.ms += ms
    },
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pomona-license-crash-'))
    place = ['--data-dir', join(folder, 'data'), '--key-file', join(folder, 'key.json')]
    apple = await startBuilt(simulator, [
      ...['--listen', '127.0.0.1:0', '--control', '127.0.0.1:0', '--seed', 'empty'],
      ...['--at', 'now', '-o', 'json'],
    ])
    await control('PATCH', '/settings', {
      ...{ limits: { maxRequestPerSecond: 1_000 }, latencyMs: 15, eventDelaySeconds: 0 },
    })
    await runBuilt(pomona, ['tenant', 'add', '--id', tenantId, '--name', 'Harbour', ...place])
    const added = await runBuilt(pomona, [
      ...['client', 'add', '--tenant', tenantId, '-o', 'json', ...place],
      ...['--role', 'DeviceManagementServiceConfig.ReadWrite.All'],
    ])
    client = JSON.parse(added.stdout)
    await withInstance(async (instance, work) => {
      for (let index = 0; index < locations; index += 1)
        berths.push(await newBerth(instance, index))
      await work(() => Promise.resolve(false))
    })
  }, 120_000)
  afterAll(async () => {
    await service?.kill()
    await apple?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON the control plane answers
  async function control(method: string, path: string, body?: unknown): Promise<any> {
    const response = await fetch(`${apple.facts.controlUrl}/worlds/main${path}`, {
      method,
      headers: {
        'X-Simulator-Key': apple.facts.controlKey ?? '',
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }

  /** A location that is Pomona's already, with a token that is due. */
  async function newBerth(instance: Instance, index: number): Promise<Berth> {
    const uId = String(7_000_000_000_000_600 + index)
    const path = `/libraries/${uId}`
    await control('POST', '/libraries', { uId, locationName: `Quay ${index}` })
    for (const adamId of adamIds) await control('POST', `${path}/buy`, { adamId, quantity: 10 })
    const mdmId = randomUUID()
    const instanceName = 'Pomona'
    await control('PUT', `${path}/mdm-info`, { id: mdmId, name: instanceName, metadata: 'pomona' })
    const { file } = await control('POST', `${path}/tokens`, {})
    const at = instantOf(clock.now())
    const tenant = instance.storage.forTenant(tenantId)
    await tenant.transaction(({ ownership }) =>
      ownership.put({ ...observed({ locationId: uId, mdmId, at }), state: 'ours' }),
    )
    const actor = { tenantId, name: 'client' }
    const { record } = await addToken(instance, actor, {
      ...{ token: file, displayName: `Quay ${index}` },
    })
    return { uId, tokenId: record.id }
  }

  type Work = (isMore: (instance: Instance) => Promise<boolean>) => Promise<void>

  /** The data with nobody else at it, and the due loop's work at a clock that is turned from one due time to the next. */
  async function withInstance(use: (instance: Instance, work: Work) => Promise<void>) {
    const [, dataDir = '', , keyFile = ''] = place
    const instance = await openInstance({ dataDir, keyFile, clock })
    const dispatcher = new Agent()
    try {
      await use(instance, (isMore) => runAllDue(instance, dispatcher, isMore))
    } finally {
      await dispatcher.close()
      await instance.storage.close()
    }
  }

  async function runAllDue(
    instance: Instance,
    dispatcher: Agent,
    isMore: (instance: Instance) => Promise<boolean>,
  ): Promise<void> {
    const { schedule } = instance.storage.instance
    const vpp = createAppleVpp({
      ...{ baseUrl: apple.facts.dataUrl ?? '', dispatcher, clock, random: Math.random },
      ...{ requestTimeoutMs: 10_000, observe: () => undefined },
    })
    const deps = {
      ...{ ...instance, apple: vpp, random: Math.random, observe: () => undefined },
      ...{ metadata: scriptedStore(), instanceName: 'Pomona', notificationUrl: null },
    }
    await schedule.releaseAbandoned()
    for (;;) {
      const now = instantOf(clock.now())
      const taken = await schedule.takeDue({ now, until: instantPlus(now, leaseMs), limit: 8 })
      for (const one of taken) {
        const leases = holdLeases({ schedule, clock, leaseMs }, one.lease)
        await runTaken(deps, one, leases, new AbortController().signal)
        await leases.release()
      }
      if (taken.length > 0) continue
      if (!(await isMore(instance))) return
      const next = await schedule.nextDue()
      shift.ms += Math.max(0, millisecondsAt(next ?? now) - clock.now().getTime())
    }
  }

  async function start(): Promise<{ ask: Ask; close(): Promise<void> }> {
    service = await startBuilt(pomona, [
      ...['serve', '--listen', '127.0.0.1:0', '-o', 'json', '--log-level', 'error', ...place],
      ...['--apple-mode', 'simulated', '--apple-url', apple.facts.dataUrl ?? ''],
    ])
    const { origin = '', caFile = '' } = service.facts
    const { fetch: send, close } = trustingFetch(await readFile(caFile, 'utf8'))
    const signIn = await send(`${origin}/${tenantId}/oauth2/v2.0/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        ...{ grant_type: 'client_credentials', scope: 'https://graph.microsoft.com/.default' },
        ...{ client_id: client.clientId, client_secret: client.clientSecret },
      }).toString(),
    })
    const { access_token: accessToken } = JSON.parse(await signIn.text())
    const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' }
    const ask: Ask = async (path, body) => {
      try {
        const init = { method: 'POST', headers, body: JSON.stringify(body) }
        const answer = await send(`${origin}${path}`, init)
        return { status: answer.status, json: JSON.parse(await answer.text()) }
      } catch {
        // Killed before the answer was whole: whether it was taken, only the data knows.
        return undefined
      }
    }
    return { ask, close }
  }

  function order(): object {
    const chance = random()
    const assets = some(adamIds, 4).map((adamId) => ({ adamId }))
    if (chance < 0.5) return { action: 'assign', assets, serialNumbers: some(devices, 6) }
    if (chance < 0.7) return { action: 'unassign', assets, serialNumbers: some(devices, 6) }
    const [serialNumber] = some(devices, 1)
    if (chance < 0.85) return { action: 'reclaim', serialNumber }
    return { action: 'reclaim', knownSerialNumbers: some(devices, 9) }
  }

  test('are asked for', async () => {
    for (let kill = 0; kill < kills; kill += 1) {
      const { ask, close } = await start()
      const asked = berths
        .filter(() => random() < 0.5)
        .map(async ({ tokenId }) => {
          const answer = await ask(`/pomona/v1/tokens/${tokenId}/intents`, order())
          if (answer === undefined) return
          expect([answer.status, answer.json]).toMatchObject([201, { status: 'waiting' }])
          accepted.push(answer.json.id)
        })
      // Sometimes while it takes them in, mostly while it works on them.
      if (random() < 0.7) await Promise.all(asked)
      await delay(random() * 400)
      await service?.kill()
      await Promise.all(asked)
      await close()
    }
    expect(accepted.length).toBeGreaterThan(kills)
  }, 300_000)

  test('and end in receipts, all of them, true at Apple, and nothing was sent more often than it may', async () => {
    await withInstance(async (instance, work) => {
      const { reads } = instance.storage.forTenant(tenantId)
      const isOpen = async () => {
        for (const { tokenId } of berths)
          if (
            (await reads.intents.listOpen(tokenId)).length > 0 ||
            (await reads.runs.findActive(tokenId))
          )
            return true
        return false
      }
      await work(isOpen)
      const intents = (await reads.intents.list(null, { limit: 10_000 })).rows
      expect(intents.map(({ record }) => record.id)).toEqual(expect.arrayContaining(accepted))
      for (const { record } of intents) {
        expect(['done', 'incomplete', 'failed']).toContain(record.status)
        const { doneCount, skippedCount, failedCount, unknownCount, totalCount } = record
        expect(doneCount + skippedCount + failedCount + unknownCount).toBe(totalCount)
        expect(await reads.intents.countReceipts(record.id)).toBe(totalCount)
      }
      for (const berth of berths) await expectTruth(reads, berth, intents)
      await expectBoundedSending(instance, intents)
    })
  }, 300_000)

  type Reads = ReturnType<Instance['storage']['forTenant']>['reads']

  /** What is stored is what there is, and so is what the receipts say, the last of each pair. */
  async function expectTruth(reads: Reads, berth: Berth, intents: readonly StoredIntent[]) {
    const truth = await control('GET', `/libraries/${berth.uId}/truth`)
    const there = new Set<string>(
      truth.assignments.map(
        ({ adamId, serialNumber }: Record<string, string>) => `${adamId} ${serialNumber}`,
      ),
    )
    const stored = await reads.assignments.list(berth.tokenId, 0, 10_000)
    expect(stored.map(({ row }) => `${row.adamId} ${row.target}`).sort()).toEqual([...there].sort())
    const wanted = new Map<string, boolean | undefined>()
    for (const { record } of intents.filter((one) => one.record.tokenId === berth.tokenId)) {
      const { rows } = await reads.intents.receipts(record.id, { limit: 10_000 })
      for (const { adamId, serialNumber, status, reason } of rows) {
        const isAsWanted = status === 'done' || reason === 'alreadyDone'
        // What failed changed nothing; of what is unknown nothing can be said.
        if (isAsWanted) wanted.set(`${adamId} ${serialNumber}`, record.action === 'assign')
        else if (status === 'unknown') wanted.set(`${adamId} ${serialNumber}`, undefined)
      }
    }
    for (const [pair, isThere] of wanted)
      if (isThere !== undefined) expect([pair, there.has(pair)]).toEqual([pair, isThere])
  }

  /** No write without a stored step, none more often than twice (Apple 5), and only what the steps hold. */
  async function expectBoundedSending({ storage }: Instance, intents: readonly StoredIntent[]) {
    const { entries } = await control('GET', '/journal')
    const sent = entries.filter(
      ({ method, path }: Record<string, string>) =>
        method === 'POST' && path?.startsWith('/mdm/v2/assets/'),
    )
    const steps = await stepsOf(storage, intents)
    expect(Math.max(...steps.map(({ tries }) => tries))).toBeLessThanOrEqual(2)
    const tries = steps.reduce((sum, step) => sum + step.tries, 0)
    expect(sent.length).toBeLessThanOrEqual(tries)
    expect(sent.length).toBeGreaterThan(kills)
    const known = new Set(steps.map(({ write }) => bodyOf(write)))
    for (const { body } of sent) expect(known).toContain(JSON.stringify(body))
  }

  async function stepsOf(
    storage: Instance['storage'],
    intents: readonly StoredIntent[],
  ): Promise<readonly LicenseStep[]> {
    const steps: LicenseStep[] = []
    for (const { record } of intents)
      steps.push(...(await storage.forTenant(tenantId).reads.intents.listSteps(record.id)))
    return steps
  }
})

function bodyOf(write: LicenseStep['write']): string {
  if (!('assets' in write)) return JSON.stringify(write)
  return JSON.stringify({ assets: write.assets, serialNumbers: write.targets })
}

type Ask = (
  path: string,
  body: unknown,
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever JSON came back
) => Promise<{ readonly status: number; readonly json: any } | undefined>

/**
 * `kill -9` of the built service at seeded random moments inside a renewal: the old content token is in force until the new one is
 * proved, nothing is lost, and each renewal comes to its end after the restart.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Instance } from '../../src/compose/instance.ts'
import { tenantId } from './cli-world.ts'
import type { Ask } from './crash-caller.ts'
import { ownLocation } from './crash-location.ts'
import { type CrashWorld, crashWorld, fingerprintOf, sealedFingerprint } from './crash-world.ts'
import { seededRandom } from './seeded-random.ts'

const seed = Number(process.env.POMONA_TEST_SEED ?? 20261122)
const kills = 10
const locations = 4
const set = '/beta/deviceAppManagement/vppTokens'
const devices = Array.from({ length: 30 }, (_, at) => `MOLE${at}`)
/** Each question about the configuration takes so long: room to be killed in. */
const delayMs = 120
const longestRenewalMs = 900

interface Mole {
  readonly uId: string
  readonly tokenId: string
  /** Of the content token that is in force, and of one that may be. */
  inForce: string
  sent: string | null
  /** Every content token that it ever was sent. */
  readonly known: Set<string>
}

interface Entry {
  readonly method: string
  readonly path: string
  readonly uId: string | null
  readonly tokenFingerprint: string | null
  readonly status: number | null
  readonly errorNumber: number | null
}

describe(`renewals in which the service is killed ${kills} times (POMONA_TEST_SEED=${seed})`, () => {
  const random = seededRandom(seed)
  const moles: Mole[] = []
  let world: CrashWorld
  let answered = 0

  beforeAll(async () => {
    world = await crashWorld({
      ...{ name: 'renew-crash', seed: 'empty' },
      settings: {
        ...{ limits: { maxRequestPerSecond: 1_000 }, latencyMs: 10 },
        pageSizes: { assets: 2, assignments: 10, users: 5 },
      },
    })
    await world.control('PATCH', '/switches', { newDownloadRevokes: 'never' })
    await world.withInstance(async (instance, runAllDue) => {
      for (let index = 0; index < locations; index += 1) moles.push(await newMole(instance, index))
      await runAllDue()
    })
    await world.control('DELETE', '/journal')
    await setFaults([])
  }, 120_000)
  afterAll(() => world.close())

  async function newMole(instance: Instance, index: number): Promise<Mole> {
    const uId = String(7_000_000_000_000_700 + index)
    const { tokenId, file } = await ownLocation(world, instance, {
      ...{ uId, name: `Mole ${index}`, quantity: 40, serialNumbers: devices },
      adamIds: ['9000070001', '9000070002', '9000070003'],
    })
    const inForce = fingerprintOf(file)
    return { uId, tokenId, inForce, sent: null, known: new Set([inForce]) }
  }

  async function renew(ask: Ask, mole: Mole): Promise<void> {
    const { file } = await world.control('POST', `/libraries/${mole.uId}/tokens`, {})
    mole.sent = fingerprintOf(file)
    mole.known.add(mole.sent)
    const answer = await ask('PATCH', `${set}/${mole.tokenId}`, { token: file })
    if (answer === undefined) return
    expect([answer.status, answer.json.id]).toEqual([200, mole.tokenId])
    answered += 1
  }

  /** Every question about the configuration takes its time; the first about these is led astray, so that a run has to prove. */
  async function setFaults(astray: readonly Mole[]): Promise<void> {
    const { control } = world
    const path = '/mdm/v2/client/config'
    for (const { id } of (await control('GET', '/faults')).faults)
      await control('DELETE', `/faults/${id}`)
    for (const { uId } of astray)
      await control('POST', '/faults', { match: { path, uId }, action: { status: 302 } })
    await control('POST', '/faults', { match: { path }, count: 0, action: { delayMs } })
  }

  async function shown(ask: Ask, { tokenId }: Mole) {
    const answer = await ask('GET', `/pomona/v1/tokens/${tokenId}`)
    expect(answer?.status).toBe(200)
    return answer?.json
  }

  /** Right after the restart one of the two is in force; a moment later it is known which, and everything is there. */
  async function settle(ask: Ask, mole: Mole): Promise<void> {
    const possible = [mole.inForce, ...(mole.sent === null ? [] : [mole.sent])]
    const first = await shown(ask, mole)
    expect(possible).toContain(first.contentFingerprint)
    if (first.pendingContentFingerprint !== null)
      expect([first.contentFingerprint, first.pendingContentFingerprint]).toEqual(possible)
    for (let look = 0; ; look += 1) {
      const { pendingContentFingerprint, lastSyncStatus, ...now } = await shown(ask, mole)
      if (pendingContentFingerprint === null && lastSyncStatus === 'completed') {
        expect(possible).toContain(now.contentFingerprint)
        expect([now.state, now.stateReason]).toEqual(['valid', 'ok'])
        if (first.pendingContentFingerprint !== null)
          expect(now.contentFingerprint).toBe(first.pendingContentFingerprint)
        mole.inForce = now.contentFingerprint
        mole.sent = null
        return
      }
      if (look > 1_200) throw new Error(`${mole.uId} did not come to rest: ${lastSyncStatus}`)
      await delay(50)
    }
  }

  test('come to their ends', async () => {
    for (let kill = 0; kill < kills; kill += 1) {
      const { ask, close } = await world.start()
      await Promise.all(moles.map((mole) => settle(ask, mole)))
      await setFaults(moles.filter(() => random() < 0.5))
      const renewals = moles.map((mole) => renew(ask, mole))
      // The first time before any of them can be answered.
      await delay(kill === 0 ? 0 : random() * longestRenewalMs)
      await world.kill()
      await Promise.all(renewals)
      await close()
      await setFaults([])
    }
    const { ask, close } = await world.start()
    await Promise.all(moles.map((mole) => settle(ask, mole)))
    await close()
    await world.kill()
    expect(answered).toBeGreaterThan(0)
    expect(answered).toBeLessThan(kills * locations)
  }, 600_000)

  test('with the content token that is sealed and told of, and every licence', async () => {
    await world.withInstance(async (instance) => {
      const { reads } = instance.storage.forTenant(tenantId)
      const events = (await reads.audit.list({ limit: 10_000 })).rows.toReversed()
      expect(events.some(({ details }) => details.isPending)).toBe(true)
      for (const { tokenId, inForce } of moles) {
        expect(await sealedFingerprint(instance, tokenId)).toBe(inForce)
        const changes = events.filter(
          ({ subject, action, details }) =>
            subject === tokenId &&
            (action === 'token.added' || (action === 'token.renewed' && !details.isPending)),
        )
        const told = changes.map(({ details }) => details.contentFingerprint)
        expect(told.at(-1)).toBe(inForce)
        expect(new Set(told).size).toBe(told.length)
        expect(await reads.assets.count(tokenId)).toBe(3)
        expect(await reads.assignments.count(tokenId)).toBe(3 * devices.length)
      }
    })
  })

  test('and no list was asked for with a content token that was not proved, nor was anything written', async () => {
    const { entries }: { entries: readonly Entry[] } = await world.control('GET', '/journal')
    expect(entries.filter(({ method }) => method === 'POST')).toEqual([])
    for (const { uId, known } of moles) {
      const proved = new Set([[...known][0]])
      const calls = entries.filter((entry) => entry.uId === uId)
      expect(calls.length).toBeGreaterThan(kills)
      for (const { path, tokenFingerprint, status, errorNumber } of calls) {
        expect(known).toContain(tokenFingerprint)
        if (path !== '/mdm/v2/client/config')
          expect([path, proved.has(tokenFingerprint ?? '')]).toEqual([path, true])
        else if (status === 200 && errorNumber === null) proved.add(tokenFingerprint ?? '')
      }
    }
  })
})

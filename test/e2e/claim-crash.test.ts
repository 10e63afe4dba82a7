/** `kill -9` of the built service inside a claim: the location is taken over all the same, and nothing is sent without need. */
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { trustingFetch } from '../../src/cli/trusting-fetch.ts'
import { connectApi } from '../../src/client/api.ts'
import { ownerApi } from '../../src/client/owner-api.ts'
import { tokenApi } from '../../src/client/token-api.ts'
import { tenantId } from './cli-world.ts'
import { type CrashWorld, crashWorld, type RunningProgram } from './crash-world.ts'
import { seededRandom } from './seeded-random.ts'

const seed = Number(process.env.POMONA_TEST_SEED ?? 20261122)
const rounds = 5
const held = '7000000000000020'
/** Each question about the configuration takes so long, its effect coming first: room to be killed in. */
const delayMs = 250
const longestClaimMs = 1_200

describe(`a claim in which the service is killed (POMONA_TEST_SEED=${seed})`, () => {
  const random = seededRandom(seed)
  let world: CrashWorld
  let service: RunningProgram

  beforeAll(async () => {
    world = await crashWorld({ name: 'claim', seed: 'external-mdm', settings: {} })
    service = await world.start()
  }, 60_000)
  afterAll(() => world.close())

  /** What the work needs of the service that runs now. */
  async function withService<T>(
    work: (apis: {
      readonly tokens: ReturnType<typeof tokenApi>
      readonly owners: ReturnType<typeof ownerApi>
    }) => Promise<T>,
  ): Promise<T> {
    const { origin, caFile } = service
    const trusting = trustingFetch(await readFile(caFile, 'utf8'))
    try {
      const api = connectApi(trusting.fetch, { origin, tenantId, ...world.client })
      return await work({ tokens: tokenApi(api), owners: ownerApi(api) })
    } finally {
      await trusting.close()
    }
  }

  test.each(Array.from({ length: rounds }, (_, round) => round))(
    'round %i',
    async () => {
      const { control } = world
      await control('POST', '/reset')
      const [{ file }] = (await control('GET', `/libraries/${held}/tokens`)).tokens
      const id = await withService(async ({ tokens, owners }) => {
        for (const { id } of await tokens.list()) await tokens.remove(id)
        const id = await tokens.add({ displayName: 'Kiel', token: file })
        await until(async () => (await owners.get(id)).holder !== null)
        await until(async () => (await tokens.get(id)).lastSyncStatus === 'completed')
        return id
      })
      await control('POST', '/faults', {
        ...{ match: { path: '/mdm/v2/client/config' }, count: 0 },
        action: { delayMs, applyEffect: true },
      })
      await withService(async ({ owners }) => {
        const { holder } = await owners.get(id)
        await owners.claim(id, holder?.id ?? null)
      })
      const killedAfterMs = Math.round(random() * longestClaimMs)
      await delay(killedAfterMs)
      await service.close()
      await world.kill()
      service = await world.start()
      await withService(async ({ owners }) => {
        await until(async () => !(await owners.get(id)).isClaimPending)
        expect(await owners.get(id)).toMatchObject({ isHeldByPomona: true, lastRefusal: null })
      })
      const { entries } = await control('GET', '/journal')
      const posts = entries.filter(({ method }: { method: string }) => method === 'POST')
      // Sent before the kill, it has taken effect: it is found, and not sent again.
      expect([killedAfterMs, posts.length]).toEqual([killedAfterMs, 1])
      const [verdict] = await control('POST', '/journal/assert', [
        { assert: 'claimVerified', uId: held },
      ])
      expect(verdict).toMatchObject({ ok: true })
    },
    60_000,
  )
})

async function until(isThere: () => Promise<boolean>): Promise<void> {
  for (let look = 0; look < 600; look += 1) {
    if (await isThere()) return
    await delay(50)
  }
  throw new Error('It did not come in time')
}

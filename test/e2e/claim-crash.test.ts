/** `kill -9` of the built service inside a claim: the location is taken over all the same, and nothing is sent without need. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { trustingFetch } from '../../src/cli/trusting-fetch.ts'
import { connectApi } from '../../src/client/api.ts'
import { ownerApi } from '../../src/client/owner-api.ts'
import { tokenApi } from '../../src/client/token-api.ts'
import { pomona, runBuilt, type Started, simulator, startBuilt } from './built-program.ts'
import { tenantId } from './cli-world.ts'
import { seededRandom } from './seeded-random.ts'

const seed = Number(process.env.POMONA_TEST_SEED ?? 20261122)
const rounds = 5
const held = '7000000000000020'
/** Each question about the configuration takes so long, its effect coming first: room to be killed in. */
const delayMs = 250
const longestClaimMs = 1_200

describe(`a claim in which the service is killed (POMONA_TEST_SEED=${seed})`, () => {
  const random = seededRandom(seed)
  let folder = ''
  let place: readonly string[] = []
  let apple: Started
  let service: Started
  let client: { clientId: string; clientSecret: string }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pomona-claim-'))
    place = ['--data-dir', join(folder, 'data'), '--key-file', join(folder, 'key.json')]
    apple = await startBuilt(simulator, [
      ...['--listen', '127.0.0.1:0', '--control', '127.0.0.1:0', '--seed', 'external-mdm'],
      ...['--at', 'now', '-o', 'json'],
    ])
    await runBuilt(pomona, ['tenant', 'add', '--id', tenantId, '--name', 'Harbour', ...place])
    const added = await runBuilt(pomona, [
      ...['client', 'add', '--tenant', tenantId, '-o', 'json', ...place],
      ...['--role', 'DeviceManagementServiceConfig.ReadWrite.All'],
    ])
    client = JSON.parse(added.stdout)
    service = await start()
  }, 60_000)
  afterAll(async () => {
    await service?.kill()
    await apple?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const start = () =>
    startBuilt(pomona, [
      ...['serve', '--listen', '127.0.0.1:0', '-o', 'json', ...place],
      ...['--apple-mode', 'simulated', '--apple-url', apple.facts.dataUrl ?? ''],
    ])

  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON the control plane answers
  async function control(method: string, path: string, body?: unknown): Promise<any> {
    const response = await fetch(`${apple.facts.controlUrl}/worlds/main${path}`, {
      method,
      headers: {
        'X-Simulator-Key': apple.facts.controlKey ?? '',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }

  /** What the work needs of the service that runs now. */
  async function withService<T>(
    work: (apis: {
      readonly tokens: ReturnType<typeof tokenApi>
      readonly owners: ReturnType<typeof ownerApi>
    }) => Promise<T>,
  ): Promise<T> {
    const trusting = trustingFetch(await readFile(service.facts.caFile ?? '', 'utf8'))
    try {
      const origin = service.facts.origin ?? ''
      const api = connectApi(trusting.fetch, { origin, tenantId, ...client })
      return await work({ tokens: tokenApi(api), owners: ownerApi(api) })
    } finally {
      await trusting.close()
    }
  }

  test.each(Array.from({ length: rounds }, (_, round) => round))(
    'round %i',
    async () => {
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
      await service.kill()
      service = await start()
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

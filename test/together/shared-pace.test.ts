/** Two processes that ask about one location through one database keep Apple's limits together (Apple 5, C4). */
import { Agent } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { createAppleVpp } from '../../src/apple/apple-vpp.ts'
import { systemClock } from '../../src/compose/system-clock.ts'
import { migrateStorage, openStorage } from '../../src/storage/open.ts'
import { collect } from '../apple-conversation.ts'
import { makeSchema, postgresUrl } from '../postgres-schema.ts'
import { appleSide } from './apple-side.ts'

const uId = '7000000000000060'

// Whether it may be skipped is said in contract/postgres.test.ts.
test.skipIf(!postgresUrl)(
  'two clients on one database walk at the rate of one, with five requests in flight',
  async () => {
    const schema = await makeSchema(postgresUrl ?? '')
    onTestFinished(() => schema.remove())
    await migrateStorage({ url: schema.url, clock: systemClock })
    const apple = await appleSide(['paged'])
    onTestFinished(() => apple.close())
    await apple.control('PATCH', '/settings', { pageSizes: { assignments: 125 }, latencyMs: 450 })
    const [token] = await apple.tokensOf(uId)
    const dispatcher = new Agent()
    onTestFinished(() => dispatcher.close())

    const walked = await Promise.all(
      [1, 2].map(async () => {
        const storage = await openStorage({ url: schema.url, clock: systemClock })
        onTestFinished(() => storage.close())
        const { pauses, pace } = storage.instance
        if (!pace) throw new Error('PostgreSQL keeps no pace')
        const vpp = createAppleVpp({
          ...{ baseUrl: apple.dataUrl, dispatcher, clock: systemClock, random: Math.random },
          ...{ requestTimeoutMs: 20_000, observe: () => undefined, pauses, pace },
        })
        return collect(vpp.converse(token?.file ?? '', uId).walkAssignments())
      }),
    )

    expect(walked.map((pages) => pages.flatMap(({ rows }) => rows).length)).toEqual([2_500, 2_500])
    const { entries } = await apple.control('GET', '/journal')
    const calls = entries.filter(({ path }: { path: string }) => path === '/mdm/v2/assignments')
    expect(calls).toHaveLength(40)
    expect(Math.max(...calls.map(({ inFlight }: { inFlight: number }) => inFlight))).toBe(5)
    const verdicts = await apple.control('POST', '/journal/assert', [
      { assert: 'maxRate', perSecond: 15 },
      { assert: 'maxParallel', n: 5 },
      { assert: 'maxTries', n: 2 },
    ])
    expect(verdicts.filter(({ ok }: { ok: boolean }) => !ok)).toEqual([])
  },
)

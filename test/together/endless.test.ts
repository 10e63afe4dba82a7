/** Apple answers nothing well, for ever: how often it is asked is bounded, and nothing of it is left in memory (Apple 5, C5). */
import { getEventListeners } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Agent } from 'undici'
import { afterEach, expect, test } from 'vitest'
import { createAppleVpp } from '../../src/apple/apple-vpp.ts'
import { instantOf, millisecondsAt } from '../../src/model/date-time-offset.ts'
import { reads, writes } from '../apple-calls.ts'
import { troubleOf } from '../apple-conversation.ts'
import { createTurnedClock } from '../turned-clock.ts'
import { type AppleSide, appleSide } from './apple-side.ts'
import { type LicenseWorld, licenseWorld } from './license-world.ts'
import { start, type TurnedWorld, turnedWorld } from './turned-world.ts'

const uId = '7000000000000001'
const usualTimeoutMs = 60_000
const troubles: readonly (readonly [string, fault: object, requestTimeoutMs: number])[] = [
  ['429', { errorNumber: 9646 }, usualTimeoutMs],
  ['503', { errorNumber: 9729 }, usualTimeoutMs],
  ['503 with Retry-After', { errorNumber: 9729, retryAfter: '7' }, usualTimeoutMs],
  ['slowness', { delayMs: 5_000 }, 15],
  ['cuts before the answer', { cut: 'beforeHeaders' }, usualTimeoutMs],
  ['cuts within the answer', { cut: 'midBody' }, usualTimeoutMs],
]

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const always = (side: AppleSide, path: string, action: object) =>
  side.control('POST', '/faults', { id: 'endless', match: { path }, count: 0, action })
const askedFor = async (side: AppleSide, path: string): Promise<number> =>
  (await side.control('GET', '/journal')).entries.filter(
    (entry: { path: string }) => entry.path === `/mdm/v2/${path}`,
  ).length

test.each(troubles)(
  'a day of nothing but %s is ten runs of five tries each',
  async (_, action, requestTimeoutMs) => {
    const world: TurnedWorld = await turnedWorld(['small'])
    closing.push(() => world.close())
    const [file] = await world.apple.tokensOf(uId)
    const id = await world.addToken(file?.file ?? '')
    await always(world.apple, '/mdm/v2/*', action)
    const begun = world.clock.now().getTime()
    const waitsMin: number[] = []
    while (millisecondsAt((await world.token(id)).dueAt) < begun + 24 * 3_600_000) {
      expect(await world.runWhenDue(id, { requestTimeoutMs })).toBe('failed')
      const { figures } = await world.lastRun(id)
      expect(figures).toMatchObject({ requests: 1, tries: 5, pages: 0 })
      const restMs = millisecondsAt((await world.token(id)).dueAt) - world.clock.now().getTime()
      waitsMin.push(restMs / 60_000)
    }
    // Doubled each time with half of the jitter, up to the usual six hours.
    expect(waitsMin).toEqual([5.25, 10.5, 21, 42, 84, 168, 336, 360, 360, 360])
    expect(await askedFor(world.apple, 'client/config')).toBe(50)
    // Limits are asked for once per run or less, and never again for their own sake.
    expect(await askedFor(world.apple, 'service/config')).toBeLessThanOrEqual(10)
    if ('retryAfter' in action)
      expect(await world.brokenRules([{ assert: 'retryAfter' }])).toEqual([])
  },
)

test.each(troubles)(
  'pages with nothing but %s cost a run no more than 30 tries more',
  async (_, action, requestTimeoutMs) => {
    const world = await turnedWorld(['paged'])
    closing.push(() => world.close())
    const [file] = await world.apple.tokensOf('7000000000000060')
    const id = await world.addToken(file?.file ?? '')
    await world.apple.control('PATCH', '/settings', { pageSizes: { assets: 50 } })
    // The first page comes; the four after it are asked for at once, five times each.
    await world.apple.control('POST', '/faults', {
      ...{ match: { path: '/mdm/v2/assets' }, nth: 2, count: 0, action },
    })
    expect(await world.runWhenDue(id, { requestTimeoutMs })).toBe('failed')
    const { figures } = await world.lastRun(id)
    expect(figures.requests).toBe(6)
    expect(figures.tries).toBeGreaterThanOrEqual(2 + 5)
    expect(figures.tries).toBeLessThanOrEqual(figures.requests + 30)
    // A slow server goes on with what nobody waits for any more.
    if (!('delayMs' in action))
      expect(await world.brokenRules([{ assert: 'maxParallel', n: 5 }])).toEqual([])
  },
)

test.each([
  ['429', { errorNumber: 9646 }],
  ['503', { errorNumber: 9729 }],
  ['internal errors', { errorNumber: 9603 }],
  ['maintenance', { errorNumber: 9644 }],
  ['unknown trouble', { errorNumber: 9999, status: 503 }],
])(
  'a write that meets nothing but %s is tried five times, and not again for five minutes',
  async (_, action) => {
    const world: LicenseWorld = await licenseWorld('small', uId)
    closing.push(() => world.close())
    await always(world.apple, '/mdm/v2/assets/associate', action)
    const targets = ['POMSER000003']
    const assets = [{ adamId: '9000000001', pricingParam: 'STDQ' }]
    const intent = await world.ask({
      action: 'assign',
      assets,
      targetKind: 'serialNumber',
      targets,
    })
    await world.apple.control('DELETE', '/journal')
    for (let turns = 1; turns <= 3; turns += 1) {
      while ((await askedFor(world.apple, 'assets/associate')) < turns * 5)
        await world.runWhenDue(world.tokenId)
      const asked = await askedFor(world.apple, 'assets/associate')
      expect(asked).toBe(turns * 5)
      const { wakeAt } = (await world.tenant.reads.intents.find(intent.record.id)) ?? intent
      const restMs = millisecondsAt(wakeAt) - millisecondsAt(instantOf(world.clock.now()))
      expect(restMs).toBeGreaterThanOrEqual(300_000)
    }
    await world.apple.control('DELETE', '/faults/endless')
    expect((await world.finish(intent)).record).toMatchObject({ status: 'done', doneCount: 1 })
  },
)

test.each(troubles)(
  'of questions that meet nothing but %s nothing is left',
  async (_, action, requestTimeoutMs) => {
    const apple = await appleSide(['small'])
    closing.push(() => apple.close())
    const credential = (await apple.tokensOf(uId))[0]?.file ?? ''
    await always(apple, '/mdm/v2/*', action)
    const dispatcher = new Agent()
    closing.push(() => dispatcher.destroy())
    // What stays as long as the service does.
    const stopping = new AbortController()
    const vpp = createAppleVpp({
      ...{ baseUrl: apple.dataUrl, dispatcher, clock: createTurnedClock(start) },
      ...{ requestTimeoutMs, random: () => 0.5, observe: () => undefined },
    })
    const ended: WeakRef<object>[] = []
    const ask = async (index: number, place: number) => {
      const [, question] = [...reads, ...writes][index % 16] ?? reads[0] ?? []
      const conversation = vpp.converse(credential, `location ${place}`, stopping.signal)
      const trouble = await troubleOf(question?.(conversation) ?? Promise.resolve())
      ended.push(new WeakRef(conversation), new WeakRef(trouble))
    }
    const askMany = async (many: number) => {
      for (let round = 0; round < many; round += 1)
        await Promise.all(Array.from({ length: 8 }, (_, place) => ask(round * 8 + place, place)))
    }
    await askMany(2)
    const timersBefore = timers()
    await askMany(6)
    await collectGarbage()
    expect(ended).toHaveLength(128)
    // The last ones may still stand in a register or a stack frame.
    expect(ended.filter((one) => one.deref() !== undefined).length).toBeLessThanOrEqual(2)
    expect(getEventListeners(stopping.signal, 'abort')).toEqual([])
    // A slow server in this process has timers of its own.
    if (!('delayMs' in action)) expect(timers()).toBeLessThanOrEqual(timersBefore + 1)
  },
)

const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length

async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  for (let times = 0; times < 3; times += 1) {
    await nextTurn()
    gc()
  }
}

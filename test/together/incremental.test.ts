/** What a second run asks of Apple (Apple C6 to C8, 9.3): the journal is the witness. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { storedRows, trueView } from './stored-truth.ts'
import { type TurnedWorld, turnedWorld } from './turned-world.ts'

const uId = '7000000000000060'
const dayMs = 86_400_000
const adamIdAt = (index: number) => String(9_000_060_001 + index)
const serialAt = (index: number) => `POMSER6${String(index + 1).padStart(4, '0')}0`

describe.each(['omit', 'listAsRow'])('where a delta says of removed rows: %s', (deltaRemovals) => {
  let world: TurnedWorld
  let id = ''
  beforeEach(async () => {
    world = await turnedWorld(['paged'])
    await world.apple.control('PATCH', '/switches', { deltaRemovals })
    await world.apple.control('PATCH', '/settings', {
      pageSizes: { assets: 50, assignments: 100, users: 50 },
    })
    const [token] = await world.apple.tokensOf(uId)
    id = await world.addToken(token?.file ?? '')
    expect(await world.run()).toBe('completed')
  })
  afterEach(() => world.close())

  const expectTruth = async () =>
    expect(await storedRows(world.tenant.reads, id)).toEqual(await trueView(world.apple, uId))
  const pairs = (assets: readonly number[], serialNumbers: readonly string[]) => ({
    assets: assets.map((index) => ({ adamId: adamIdAt(index) })),
    serialNumbers,
  })
  const holds = async () =>
    expect(
      await world.brokenRules([
        { assert: 'noAssetReread' },
        { assert: 'usedSince', endpoint: 'assignments' },
        { assert: 'usedSince', endpoint: 'users' },
        ...['assets', 'assignments', 'users'].flatMap((endpoint) => [
          { assert: 'pagedToEnd', endpoint },
          { assert: 'noRestart', endpoint },
        ]),
      ]),
    ).toEqual([])

  test('a run that finds nothing new asks four times', async () => {
    expect(await world.runWhenDue(id)).toBe('completed')
    const { figures, readings } = await world.lastRun(id)
    expect(figures).toMatchObject({ requests: 4, pages: 3, rowsAdded: 0, rowsRemoved: 0 })
    expect(readings).toEqual({ assets: 'unchanged', assignments: 'delta', users: 'delta' })
    await holds()
  })

  test('what others added and took away is there after one run, which walks nothing in full', async () => {
    const { control } = world.apple
    await control('POST', `/libraries/${uId}/assignments`, pairs([3, 4, 5], ['NEW1', 'NEW2']))
    await control('DELETE', `/libraries/${uId}/assignments`, pairs([1, 5], serials(0, 500)))
    expect(await world.runWhenDue(id)).toBe('completed')
    await expectTruth()
    const { figures, readings } = await world.lastRun(id)
    expect(readings).toEqual({ assets: 'full', assignments: 'delta', users: 'delta' })
    expect(figures).toMatchObject({ rowsAdded: 6, rowsRemoved: 20, assetsUneven: 0 })
    await holds()
  })

  test('a day later everything is walked in full once, however quiet it was', async () => {
    world.clock.turn(dayMs)
    expect(await world.run()).toBe('completed')
    expect((await world.lastRun(id)).readings).toEqual({
      ...{ assets: 'full', assignments: 'full', users: 'full' },
    })
    expect(await world.runWhenDue(id)).toBe('completed')
    expect((await world.lastRun(id)).readings.assignments).toBe('delta')
    await holds()
  })

  test('a version that has become too old costs a full walk and nothing else', async () => {
    const { control } = world.apple
    await control('PATCH', '/switches', { versionWindow: 1 })
    for (const serial of ['N1', 'N2', 'N3'])
      await control('POST', `/libraries/${uId}/assignments`, pairs([7], [serial]))
    expect(await world.runWhenDue(id)).toBe('completed')
    const { readings, refusals } = await world.lastRun(id)
    expect(readings.assignments).toBe('full')
    expect(refusals).toMatchObject([{ errorNumber: 9721, times: 1 }])
    await expectTruth()
  })
})

function serials(from: number, until: number): readonly string[] {
  return Array.from({ length: until - from }, (_, index) => serialAt(from + index))
}

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fullRow } from './data-plane/assets.ts'
import { shownUser } from './data-plane/users.ts'
import type { Library, ListName } from './library/library.ts'
import { selectRows } from './library/select-rows.ts'
import {
  advances,
  anyCall,
  type Call,
  clientWrites,
  foreignWrites,
  make,
  seedsOfCalls,
  uIds,
} from './test-calls.ts'
import { type TestPlay, testPlay } from './test-play.ts'
import type { World } from './world/world.ts'

/** Answers to each call, and at the end all that can be seen of the world. */
async function playAll(play: TestPlay, calls: readonly Call[]): Promise<string[]> {
  const answers: string[] = []
  for (const call of calls) answers.push(await make(play, call))
  return [...answers, ...(await seen(play))]
}

async function seen(play: TestPlay): Promise<string[]> {
  const locations = [...play.world.state.libraries.keys()].flatMap((uId) => [
    `/libraries/${uId}/truth`,
    `/libraries/${uId}/tokens`,
  ])
  const rest = ['/events', '/notifications', '/faults', '/walk-scripts', '/event-scripts', '/clock']
  const paths = [...locations, ...rest, '/switches', '/settings']
  return Promise.all(paths.map((path) => play.control('GET', path)))
}

/** Every message is made and none is brought: no test talks to the network. */
async function listening(rngSeed?: number): Promise<TestPlay> {
  const play = testPlay(seedsOfCalls, rngSeed)
  await play.control('POST', '/notifications/hold', { count: 0 })
  for (const library of play.world.state.libraries.values()) {
    library.notification = { url: 'https://mdm.example/notify', authToken: 'made-up-secret-01' }
    library.subscribedNotificationTypes = ['ASSET_COUNT', 'ASSET_MANAGEMENT', 'USER_MANAGEMENT']
  }
  return play
}

describe('the same again (Apple contract 11.1)', () => {
  test('same seed, same calls, same clock: the same bytes, tokens, UUIDs and invitations too', async () => {
    const calls = fc.array(anyCall, { minLength: 10, maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(calls, fc.integer({ min: 0, max: 9 }), async (sequence, rngSeed) => {
        const [one, two] = [await listening(rngSeed), await listening(rngSeed)]
        expect(await playAll(one, sequence)).toEqual(await playAll(two, sequence))
        expect(await one.control('GET', '/journal')).toBe(await two.control('GET', '/journal'))
        expect(one.world.state).toEqual(two.world.state)
      }),
      { numRuns: 40 },
    )
  })

  test('a restored snapshot answers as it did before, byte by byte, as often as wanted', async () => {
    const calls = fc.array(anyCall, { minLength: 5, maxLength: 25 })
    await fc.assert(
      fc.asyncProperty(calls, calls, async (before, after) => {
        const play = await listening()
        await playAll(play, before)
        await play.control('POST', '/snapshots', { name: 'then' })
        const then = await seen(play)
        const first = await playAll(play, after)
        for (let round = 0; round < 2; round += 1) {
          await play.control('POST', '/snapshots/then/restore')
          expect(await seen(play)).toEqual(then)
          expect(await playAll(play, after)).toEqual(first)
        }
      }),
      { numRuns: 25 },
    )
  })

  test('another rngSeed makes up other tokens and other ids', async () => {
    const [one, two] = [testPlay(seedsOfCalls, 1), testPlay(seedsOfCalls, 2)]
    const issue = (play: TestPlay) => play.ask('POST', `/libraries/${uIds[0]}/tokens`, {})
    expect((await issue(one)).fingerprint).not.toBe((await issue(two)).fingerprint)
    const revoke = (play: TestPlay) =>
      play.apple(uIds[0], 'POST', '/mdm/v2/assets/revoke', { serialNumbers: ['S1'] })
    expect(await revoke(one)).not.toBe(await revoke(two))
  })
})

describe('whatever is done on either side', () => {
  test('counts and rows agree, nothing falls below zero, versions move, events add up (Apple contract 11.3)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyCall, { maxLength: 40 }), async (calls) => {
        const play = testPlay(seedsOfCalls)
        for (const call of calls) {
          const before = listsOf(play.world)
          await make(play, call)
          for (const library of play.world.state.libraries.values()) {
            checkCounts(library, play.world)
          }
          checkVersions(before, listsOf(play.world))
          checkEvents(play.world)
        }
      }),
      { numRuns: 120 },
    )
  })

  test('a delta since any version is the real difference, less the removals (Apple contract 3.3)', async () => {
    const write = fc.oneof(clientWrites, foreignWrites, advances)
    const calls = fc.array(write, { minLength: 3, maxLength: 25 })
    await fc.assert(
      fc.asyncProperty(calls, fc.integer({ min: 1, max: 4 }), async (sequence, pageSize) => {
        const play = testPlay(seedsOfCalls)
        // An event is one moment, so that no row leaves and comes back between two looks.
        await play.control('PATCH', '/settings', {
          eventDelaySeconds: 0,
          pageSizes: { assignments: pageSize, users: pageSize },
        })
        const looks: Look[] = [lookAt(play)]
        for (const call of sequence) {
          await make(play, call)
          await play.control('GET', '/clock')
          looks.push(lookAt(play))
        }
        const now = lookAt(play)
        for (const [place, then] of looks.entries()) {
          const cameAfter = looks
            .slice(place)
            .flatMap((look, index, rest) =>
              index === 0 ? [] : [...look.rows].filter((row) => !rest[index - 1]?.rows.has(row)),
            )
          const since = await delta(play, 'assignments', then)
          expect(since).toEqual(expect.arrayContaining(withoutRows(now.rows, then.rows)))
          expect([...since].sort()).toEqual(
            [...new Set(cameAfter)].filter((row) => now.rows.has(row)).sort(),
          )
          await play.control('PATCH', '/switches', { deltaRemovals: 'listAsRow' })
          const everThere = new Set(looks.slice(place).flatMap((look) => [...look.rows]))
          const listed = await delta(play, 'assignments', then)
          expect([...listed].sort()).toEqual([...since, ...withoutRows(everThere, now.rows)].sort())
          await play.control('PATCH', '/switches', { deltaRemovals: 'omit' })
          const users = await delta(play, 'users', then)
          expect(users).toEqual(expect.arrayContaining(withoutRows(now.users, then.users)))
          expect(withoutRows(new Set(users), now.users)).toEqual([])
        }
      }),
      { numRuns: 40 },
    )
  })
})

interface Look {
  rows: Set<string>
  users: Set<string>
  versionIds: Record<ListName, number>
}

const place = uIds[0]

function lookAt({ world }: TestPlay): Look {
  const library = libraryAt(world)
  return {
    rows: new Set(shownRows(library).map((row) => JSON.stringify(row))),
    users: new Set(library.users.map((user) => JSON.stringify(shownUser(user)))),
    versionIds: { ...library.versions },
  }
}

/** All rows of a delta, page by page. */
async function delta(
  play: TestPlay,
  list: 'assignments' | 'users',
  { versionIds }: Look,
): Promise<string[]> {
  const prefix = { assignments: 'a6000039', users: 'a7000039' }[list]
  const version = `${prefix}-0000-4000-8000-${versionIds[list].toString(16).padStart(12, '0')}`
  const rows: string[] = []
  for (let index: number | undefined = 0; index !== undefined; ) {
    const path = `/mdm/v2/${list}?sinceVersionId=${version}&pageIndex=${index}`
    const [status, , text] = JSON.parse(await play.apple(place, 'GET', path))
    if (status !== 200) throw new Error(text)
    const page = JSON.parse(text)
    rows.push(...page[list].map((row: unknown) => JSON.stringify(row)))
    index = page.nextPageIndex
  }
  return rows
}

function withoutRows(rows: ReadonlySet<string>, others: ReadonlySet<string>): string[] {
  return [...rows].filter((row) => !others.has(row))
}

function libraryAt(world: World): Library {
  const library = world.state.libraries.get(place)
  if (library === undefined) throw new Error(`no ${place}`)
  return library
}

function shownRows(library: Library) {
  const rows = selectRows(library.assignments, {})
  return rows
    .slice(0, rows.length)
    .map(({ adamId, pricingParam, target }) => ({ adamId, pricingParam, ...target }))
}

function checkCounts(library: Library, world: World): void {
  const rows = shownRows(library)
  expect(new Set(rows.map((row) => JSON.stringify(row))).size).toBe(rows.length)
  for (const asset of library.assets) {
    const { totalCount, availableCount, assignedCount, retiredCount } = fullRow(
      asset,
      world.state.switches,
    )
    expect(totalCount).toBe(availableCount + assignedCount + retiredCount)
    expect(Math.min(availableCount, assignedCount, retiredCount)).toBeGreaterThanOrEqual(0)
    const ofAsset = rows.filter(
      (row) => row.adamId === asset.adamId && row.pricingParam === asset.pricingParam,
    )
    expect(assignedCount).toBe(ofAsset.length)
  }
}

interface Lists {
  versions: Record<ListName, number>
  lists: Record<ListName, string>
}

function listsOf(world: World): Map<string, Lists> {
  return new Map(
    [...world.state.libraries].map(([uId, library]) => [
      uId,
      {
        versions: { ...library.versions },
        lists: {
          assets: JSON.stringify(library.assets),
          assignments: JSON.stringify(shownRows(library)),
          users: JSON.stringify(library.users.map(shownUser)),
        },
      },
    ]),
  )
}

/** Whoever sees a list change sees its version change (Apple contract 3.3, 11.3 S3). */
function checkVersions(before: Map<string, Lists>, after: Map<string, Lists>): void {
  for (const [uId, then] of before) {
    const now = after.get(uId)
    for (const list of ['assets', 'assignments', 'users'] as const) {
      if (now === undefined || then.lists[list] === now.lists[list]) continue
      expect(now.versions[list]).toBeGreaterThan(then.versions[list])
    }
  }
}

function checkEvents({ state }: World): void {
  for (const { status, numCompleted, numRequested, failures } of state.events.values()) {
    expect(numCompleted).toBeLessThanOrEqual(numRequested)
    if (status === 'COMPLETE') expect([numCompleted, failures]).toEqual([numRequested, []])
    else expect(failures.length > 0).toBe(status === 'FAILED')
  }
}

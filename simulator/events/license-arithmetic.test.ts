import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Refusal } from '../data-plane/answer.ts'
import { postAssociate, postDisassociate, postRevoke } from '../data-plane/asset-writes.ts'
import { fullRow } from '../data-plane/assets.ts'
import type { LocationCall } from '../data-plane/request.ts'
import { postCreateUsers, postRetireUsers } from '../data-plane/user-writes.ts'
import { shownUser } from '../data-plane/users.ts'
import { type AssetKey, type Library, type ListName, pricingParams } from '../library/library.ts'
import { performWrite } from '../library/library-writes.ts'
import { ordinaryApp, transferLicenses } from '../library/purchases.ts'
import { selectRows } from '../library/select-rows.ts'
import { defaultAtMs } from '../world/default-at.ts'
import { settle } from '../world/going-on.ts'
import { createWorld, type World } from '../world/world.ts'

const places = ['7000000000000040', '7000000000000050'] as const
const adamIds = ['9000040001', '9000040002', '9000040003', '9000040004', '9000040005', '9000050001']

const handlers = { postAssociate, postDisassociate, postRevoke, postCreateUsers, postRetireUsers }

const place = fc.constantFrom(...places)
const key: fc.Arbitrary<AssetKey> = fc.record({
  adamId: fc.constantFrom(...adamIds),
  pricingParam: fc.constantFrom(...pricingParams),
})
const keys = fc.array(key, { minLength: 1, maxLength: 3 })
const distinctKeys = fc.uniqueArray(key, {
  minLength: 1,
  maxLength: 3,
  selector: ({ adamId, pricingParam }) => adamId + pricingParam,
})
const serialNumbers = fc.subarray(['S1', 'S2', 'S3', 'S4', 'POMSER400001'])
const clientUserIds = fc.subarray(['u-4001', 'n-1', 'n-2'])
const quantity = fc.integer({ min: 1, max: 4 })

const step = fc.oneof(
  fc.record({
    do: fc.constantFrom('postAssociate', 'postDisassociate', 'postRevoke'),
    place,
    body: fc.record({ assets: keys, serialNumbers, clientUserIds }),
  }),
  fc.record({
    do: fc.constantFrom('postCreateUsers', 'postRetireUsers'),
    place,
    body: fc.record({ users: clientUserIds.map((ids) => ids.map((id) => ({ clientUserId: id }))) }),
  }),
  fc.record({
    do: fc.constantFrom('associate', 'disassociate'),
    place,
    assets: distinctKeys,
    targets: serialNumbers.map((serials) => serials.map((serialNumber) => ({ serialNumber }))),
  }),
  fc.record({ do: fc.constantFrom('buy', 'refund'), place, asset: key, quantity }),
  fc.record({ do: fc.constant('transfer'), from: place, to: place, asset: key, quantity }),
  fc.record({ do: fc.constant('advance'), ms: fc.integer({ min: 0, max: 2500 }) }),
  fc.record({
    do: fc.constant('switch'),
    switches: fc.record({
      shortage: fc.constantFrom('partial', 'none'),
      retireUser: fc.constantFrom('freeRevocable', 'keepRows'),
      userNotFound: fc.constantFrom('async', 'sync'),
    }),
  }),
)
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

test('counts and rows agree after every step, and nothing falls below zero (Apple contract 11.3 S6)', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const world = newWorld()
      for (const each of steps) {
        const before = seenOf(world)
        take(world, each)
        settle(world)
        for (const library of world.state.libraries.values()) checkCounts(library, world)
        checkVersions(before, seenOf(world))
        checkEvents(world)
      }
    }),
    { numRuns: 300 },
  )
})

test('the same steps lead to the same world, UUIDs and invitation codes too (Apple contract 11.1)', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const [one, two] = [newWorld(), newWorld()]
      for (const world of [one, two]) {
        for (const each of steps) {
          take(world, each)
          settle(world)
        }
      }
      expect(one.state).toEqual(two.state)
    }),
    { numRuns: 50 },
  )
})

function newWorld(): World {
  const seeds = ['books-unlimited', 'shortage']
  const origin = { seeds, rngSeed: 1, atMs: defaultAtMs, clockMode: 'frozen' as const }
  return createWorld('main', origin, { now: () => 0, sleep: async () => undefined })
}

function libraryAt(world: World, uId: string): Library {
  const library = world.state.libraries.get(uId)
  if (library === undefined) throw new Error(`no ${uId}`)
  return library
}

function take(world: World, each: Step): void {
  switch (each.do) {
    case 'advance':
      world.state.clock.virtualMs += each.ms
      return
    case 'switch':
      Object.assign(world.state.switches, each.switches)
      return
    case 'transfer': {
      if (each.from === each.to) return
      const [from, to] = [libraryAt(world, each.from), libraryAt(world, each.to)]
      transferLicenses(world, from, to, each.asset, each.quantity)
      return
    }
    case 'buy':
    case 'refund': {
      const { do: write, place, asset, quantity } = each
      performWrite(world, libraryAt(world, place), { write, asset, quantity, flags: ordinaryApp })
      return
    }
    case 'associate':
    case 'disassociate': {
      const { do: write, place, assets, targets } = each
      performWrite(world, libraryAt(world, place), { write, assets, targets })
      return
    }
    default:
      post(world, each.place, each.do, each.body)
  }
}

function post(world: World, uId: string, handler: keyof typeof handlers, body: unknown): void {
  const token = world.state.tokens.find((candidate) => candidate.uId === uId)
  if (token === undefined) throw new Error(`no token in ${uId}`)
  const [query, headers] = [new URLSearchParams(), {}]
  const sent = { method: 'POST', path: '', query, headers, bodyText: '' }
  const open = { world, worldUrl: '', query, headers, params: {} }
  const call: LocationCall = { ...open, library: libraryAt(world, uId), token, body, sent }
  try {
    handlers[handler](call)
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause
  }
}

const rowsOf = (library: Library) => selectRows(library.assignments, {}).slice(0, 10_000)

function checkCounts(library: Library, world: World): void {
  const rows = rowsOf(library)
  const pairs = rows.map(({ adamId, pricingParam, target }) =>
    JSON.stringify([adamId, pricingParam, target]),
  )
  expect(new Set(pairs).size).toBe(pairs.length)
  for (const asset of library.assets) {
    const shown = fullRow(asset, world.state.switches)
    const { totalCount, availableCount, assignedCount, retiredCount } = shown
    expect(totalCount).toBe(availableCount + assignedCount + retiredCount)
    expect(Math.min(availableCount, assignedCount, retiredCount)).toBeGreaterThanOrEqual(0)
    expect(assignedCount).toBe(
      rows.filter((row) => row.adamId === asset.adamId && row.pricingParam === asset.pricingParam)
        .length,
    )
  }
}

interface Seen {
  versions: Record<ListName, number>
  lists: Record<ListName, string>
}

function seenOf(world: World): Seen[] {
  return [...world.state.libraries.values()].map((library) => ({
    versions: { ...library.versions },
    lists: {
      assets: JSON.stringify(library.assets),
      assignments: JSON.stringify(rowsOf(library)),
      users: JSON.stringify(library.users.map(shownUser)),
    },
  }))
}

/** Whoever sees a list change sees its version change (Apple contract 3.3, 11.3 S3). */
function checkVersions(before: Seen[], after: Seen[]): void {
  for (const [place, now] of after.entries()) {
    const then = before[place]
    for (const list of ['assets', 'assignments', 'users'] as const) {
      if (then?.lists[list] === now.lists[list]) continue
      expect(now.versions[list]).toBeGreaterThan(then?.versions[list] ?? 0)
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

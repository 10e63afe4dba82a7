/**
 * Whatever happens at Apple, on the way to it or here, in whatever order: once things are quiet Pomona's view is the truth.
 * POMONA_MODEL_CASES asks for more cases, POMONA_MODEL_SEED for the same ones again.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { millisecondsAt } from '../../src/model/date-time-offset.ts'
import { type LocationView, storedRows, trueView } from './stored-truth.ts'
import { type TurnedWorld, turnedWorld } from './turned-world.ts'

const uId = '7000000000000001'
const otherUId = '7000000000000030'
const lists = ['assets', 'assignments', 'users'] as const
const cases = Number(process.env.POMONA_MODEL_CASES ?? 12)
const seed = Number(process.env.POMONA_MODEL_SEED ?? 20261201)

const adamId = fc.constantFrom('9000000001', '9000000002', '9000000003', '9000000005', '9000000006')
const serialNumbers = fc.uniqueArray(fc.constantFrom('S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7'), {
  minLength: 1,
})
const clientUserIds = fc.uniqueArray(fc.constantFrom('u-0001', 'u-0003', 'u-0004'), {
  minLength: 1,
})
const quantity = fc.integer({ min: 1, max: 9 })
const assets = fc
  .uniqueArray(adamId, { minLength: 1, maxLength: 3 })
  .map((ids) => ids.map((id) => ({ adamId: id })))

/** A call of the control plane; what the world refuses simply has not happened. */
const atApple = fc.oneof(
  fc.record({
    method: fc.constant('POST'),
    path: fc.constantFrom('buy', 'refund').map((verb) => `/libraries/${uId}/${verb}`),
    body: fc.record({ adamId, quantity }),
  }),
  fc.record({
    method: fc.constant('POST'),
    path: fc.constant('/transfers'),
    body: fc.record({
      fromUId: fc.constantFrom(uId, otherUId),
      toUId: fc.constantFrom(uId, otherUId),
      adamId,
      pricingParam: fc.constant('STDQ'),
      quantity,
    }),
  }),
  fc.record({
    method: fc.constantFrom('POST', 'POST', 'DELETE'),
    path: fc.constant(`/libraries/${uId}/assignments`),
    body: fc.oneof(fc.record({ assets, serialNumbers }), fc.record({ assets, clientUserIds })),
  }),
  fc.record({
    method: fc.constant('POST'),
    path: clientUserIds.map(([id]) => `/libraries/${uId}/users/${id}/accept-invite`),
    body: fc.record({ account: fc.constantFrom('x@harbour.example', 'y@harbour.example') }),
  }),
)
const midWalk = fc.record({
  endpoint: fc.constantFrom(...lists),
  beforePage: fc.integer({ min: 0, max: 3 }),
  writes: fc.array(
    fc.oneof(
      fc.record({ write: fc.constantFrom('associate', 'disassociate'), assets, serialNumbers }),
      fc.record({ write: fc.constantFrom('buy', 'refund'), adamId, quantity }),
    ),
    { minLength: 1, maxLength: 3 },
  ),
})
const fault = fc.record({
  match: fc.record({
    path: fc.constantFrom(...lists, 'client/config', '*').map((name) => `/mdm/v2/${name}`),
  }),
  nth: fc.integer({ min: 1, max: 4 }),
  count: fc.integer({ min: 1, max: 6 }),
  action: fc.oneof(
    fc.record({ errorNumber: fc.constantFrom(9729, 9603, 9646, 9721, 9650, 9999, 9602) }),
    fc.record({ status: fc.constantFrom(429, 500, 503) }),
    fc.record({ cut: fc.constantFrom('beforeHeaders', 'midBody') }),
    fc.record({ truncateAt: fc.integer({ min: 1, max: 300 }) }),
    fc.record({ body: fc.constantFrom('<html>', '{"assets":7}') }),
  ),
})

type Step =
  | {
      readonly kind: 'change'
      readonly method: string
      readonly path: string
      readonly body: object
    }
  | {
      readonly kind: 'users'
      readonly verb: 'create' | 'retire'
      readonly clientUserIds: readonly string[]
    }
  | { readonly kind: 'midWalk'; readonly script: object }
  | { readonly kind: 'fault'; readonly rule: object }
  | { readonly kind: 'run' }
  | { readonly kind: 'killedRun'; readonly afterMs: number }
  | { readonly kind: 'switch'; readonly to: object }
  | { readonly kind: 'pageSize'; readonly rows: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: atApple.map((call) => ({ kind: 'change' as const, ...call })) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('users' as const),
      verb: fc.constantFrom('create', 'retire'),
      clientUserIds,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('midWalk' as const), script: midWalk }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('fault' as const), rule: fault }) },
  { weight: 4, arbitrary: fc.constant({ kind: 'run' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('killedRun' as const),
      afterMs: fc.integer({ min: 0, max: 1_500 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('switch' as const),
      to: fc.oneof(
        fc.record({ deltaRemovals: fc.constantFrom('omit', 'listAsRow') }),
        fc.record({ versionWindow: fc.constantFrom(1, 3, 1000) }),
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('pageSize' as const),
      rows: fc.integer({ min: 1, max: 6 }),
    }),
  },
)

const rules = [{ assert: 'tokenVerbatim' }, { assert: 'maxParallel' }, { assert: 'noSecretInUrl' }]
/** Tries are counted within a run. */
const rulesOfUnkilledRuns = [{ assert: 'maxTries' }]
/** A run that broke off has forgotten how far it came; the next one reads again what that one had read. */
const rulesOfWholeRuns = [
  { assert: 'noAssetReread' },
  ...lists.map((endpoint) => ({ assert: 'pagedToEnd', endpoint })),
  ...lists.map((endpoint) => ({ assert: 'noRestart', endpoint })),
]
/** A list that shrinks beneath a delta may end it with 9650, and then it begins again where it began (Apple 3.2). */
const rulesOfQuietWalks = [
  { assert: 'usedSince', endpoint: 'assignments' },
  { assert: 'usedSince', endpoint: 'users' },
]

test("after any sequence of changes, faults, kills and runs Pomona's view is Apple's truth as soon as a run is left alone", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
      const world = await turnedWorld(['small', 'duplicate-location'])
      try {
        const [token] = await world.apple.tokensOf(uId)
        const place: Place = { world, file: token?.file ?? '', id: '' }
        place.id = await world.addToken(place.file)
        for (const each of steps) await take(place, each)
        await calm(place)
        await expectTruth(place)
        // The last one was often a full walk: what it left behind must do for a delta.
        await take(place, {
          kind: 'change',
          method: 'DELETE',
          path: `/libraries/${uId}/assignments`,
          body: { assets: [{ adamId: '9000000001' }], serialNumbers: ['POMSER000001', 'S1', 'S2'] },
        })
        await expectTruth(place)
        expect(await world.brokenRules(rules)).toEqual([])
        const kinds = new Set(steps.map(({ kind }) => kind))
        if (kinds.has('killedRun')) return
        expect(await world.brokenRules(rulesOfUnkilledRuns)).toEqual([])
        if (kinds.has('fault')) return
        expect(await world.brokenRules(rulesOfWholeRuns)).toEqual([])
        if (kinds.has('midWalk')) return
        expect(await world.brokenRules(rulesOfQuietWalks)).toEqual([])
      } finally {
        await world.close()
      }
    }),
    { numRuns: cases, seed },
  )
}, 900_000)

interface Place {
  readonly world: TurnedWorld
  readonly file: string
  id: string
}

async function expectTruth({ world, id }: Place): Promise<void> {
  expect(await world.runWhenDue(id)).toBe('completed')
  const [stored, truth] = [
    await storedRows(world.tenant.reads, id),
    await trueView(world.apple, uId),
  ]
  expect(withoutPast(stored)).toEqual(withoutPast(truth))
  const { figures } = await world.lastRun(id)
  expect(figures).toMatchObject({ rowsSuspect: 0, assetsUneven: 0 })
}

/** Retired rows of one clientUserId that were never bound to an account are one row here: nothing but an address tells them apart. */
function withoutPast({ users, ...view }: LocationView): LocationView {
  const told = users.map((user) => user.replace(/^(\S+ Retired) \S*/, '$1'))
  return { ...view, users: [...new Set(told)].sort() }
}

async function take({ world, file, id }: Place, each: Step): Promise<void> {
  const { control, dataUrl } = world.apple
  switch (each.kind) {
    case 'change':
      // Whatever the world refuses, such as more than there is, has not happened.
      await control(each.method, each.path, each.body).catch(() => undefined)
      return
    case 'users':
      // Another server's doing, done two seconds later; a fault may meet it as well.
      await fetch(`${dataUrl}/users/${each.verb}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${file}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          users: each.clientUserIds.map((clientUserId) => ({ clientUserId })),
        }),
      }).catch(() => undefined)
      world.clock.turn(2_000)
      return
    case 'midWalk':
      await control('POST', '/walk-scripts', { ...each.script, uId })
      return
    case 'fault':
      await control('POST', '/faults', each.rule)
      return
    case 'switch':
      await control('PATCH', '/switches', each.to)
      return
    case 'pageSize': {
      const pageSizes = { assets: each.rows, assignments: each.rows, users: each.rows }
      await control('PATCH', '/settings', { pageSizes })
      return
    }
    case 'killedRun': {
      const aheadMs = millisecondsAt((await world.token(id)).dueAt) - world.clock.now().getTime()
      world.clock.turn(Math.max(0, aheadMs))
      const killed = new AbortController()
      void world.clock.sleep(each.afterMs).then(() => killed.abort(new Error('killed')))
      await world.run({}, killed.signal)
      return
    }
    case 'run':
      await world.runWhenDue(id)
  }
}

/** Nothing happens any more but time. */
async function calm({ world }: Place): Promise<void> {
  const { control } = world.apple
  for (const { id } of (await control('GET', '/faults')).faults)
    await control('DELETE', `/faults/${id}`)
  for (const { id } of (await control('GET', '/walk-scripts')).walkScripts)
    await control('DELETE', `/walk-scripts/${id}`)
}

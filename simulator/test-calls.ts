/** Sequences of calls on both sides of a world, for laws that hold whatever happens. */
import fc from 'fast-check'
import type { TestPlay } from './test-play.ts'

export const seedsOfCalls = ['books-unlimited', 'shortage']
export const uIds = ['7000000000000040', '7000000000000050'] as const

export type Call =
  | { side: 'apple'; uId: string; method: string; path: string; body?: unknown }
  | { side: 'control'; method: string; path: string; body?: unknown }

export async function make(play: TestPlay, call: Call): Promise<string> {
  return call.side === 'apple'
    ? play.apple(call.uId, call.method, call.path, call.body)
    : play.control(call.method, call.path, call.body)
}

/** Mostly the location that owns something of every kind. */
const uId = fc.constantFrom(uIds[0], uIds[0], uIds[0], uIds[1])
const owned = ['9000040001', '9000040002', '9000040003', '9000040004', '9000040005']
const forDevices = ['9000040004', '9000040005', '9000050001']
const pricingParam = fc.constantFrom('STDQ', 'STDQ', 'STDQ', 'PLUS')

function assetsOf(adamIds: readonly string[]) {
  return fc.uniqueArray(fc.record({ adamId: fc.constantFrom(...adamIds), pricingParam }), {
    minLength: 1,
    maxLength: 2,
    selector: (asset) => asset.adamId + asset.pricingParam,
  })
}

const adamId = fc.constantFrom(...owned, ...forDevices)
const serialNumbers = fc.subarray(['S1', 'S2', 'S3', 'S4', 'POMSER400001'], { minLength: 1 })
const clientUserIds = fc.subarray(['u-4001', 'n-1', 'n-2'], { minLength: 1, maxLength: 2 })
/** Most of them fit together; what does not has to leave no trace. */
const pairsBody = fc.oneof(
  { weight: 4, arbitrary: fc.record({ assets: assetsOf(forDevices), serialNumbers }) },
  {
    weight: 2,
    arbitrary: fc.record({ assets: assetsOf(owned), clientUserIds: fc.constant(['u-4001']) }),
  },
  { weight: 1, arbitrary: fc.record({ assets: assetsOf(owned), clientUserIds }) },
  { weight: 1, arbitrary: fc.record({ assets: assetsOf(owned), serialNumbers, clientUserIds }) },
)
const targets = fc.oneof(
  fc.record({ serialNumbers }),
  fc.record({ clientUserIds }),
  fc.record({ serialNumbers, clientUserIds }),
)
const account = fc.constantFrom('p1@harbour.example', 'p2@harbour.example')
const users = fc
  .uniqueArray(
    fc.record(
      {
        clientUserId: fc.constantFrom('u-4001', 'n-1', 'n-2', 'n-3'),
        email: fc.constantFrom('e1@harbour.example', 'e2@harbour.example'),
        managedAppleId: fc.option(account, { nil: undefined, freq: 4 }),
      },
      { requiredKeys: ['clientUserId'] },
    ),
    { minLength: 1, maxLength: 3, selector: ({ clientUserId }) => clientUserId },
  )
  .map((list) => ({ users: list }))
const quantity = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 3 }) },
  { weight: 1, arbitrary: fc.constant('unlimited') },
)
const failures = fc.array(
  fc.record(
    {
      errorNumber: fc.constantFrom(9603, 9609, 9709, 9999),
      take: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.constant(['S1', 'n-1'])),
    },
    { requiredKeys: ['errorNumber'] },
  ),
  { minLength: 1, maxLength: 2 },
)

function asked(
  method: string,
  path: fc.Arbitrary<string>,
  body: fc.Arbitrary<unknown> = fc.constant(undefined),
): fc.Arbitrary<Call> {
  return fc.record({
    side: fc.constant('apple' as const),
    uId,
    method: fc.constant(method),
    path: path.map((rest) => `/mdm/v2${rest}`),
    body,
  })
}

function played(
  method: string,
  path: fc.Arbitrary<string>,
  body: fc.Arbitrary<unknown> = fc.constant(undefined),
): fc.Arbitrary<Call> {
  return fc.record({
    side: fc.constant('control' as const),
    method: fc.constant(method),
    path,
    body,
  })
}

const here = (rest: string) => uId.map((id) => `/libraries/${id}${rest}`)

/** What a client writes. */
export const clientWrites = fc.oneof(
  asked('POST', fc.constantFrom('/assets/associate', '/assets/disassociate'), pairsBody),
  asked('POST', fc.constant('/assets/revoke'), targets),
  asked('POST', fc.constantFrom('/users/create', '/users/update', '/users/retire'), users),
)

/** What the portal, people and other servers do. */
export const foreignWrites = fc.oneof(
  played('POST', here('/buy'), fc.record({ adamId, pricingParam, quantity })),
  played('POST', here('/refund'), fc.record({ adamId, pricingParam, quantity })),
  played(
    'POST',
    fc.constant('/transfers'),
    fc.record({
      fromUId: uId,
      toUId: fc.constantFrom(...uIds),
      adamId,
      pricingParam,
      quantity: fc.integer({ min: 1, max: 4 }),
    }),
  ),
  played('POST', here('/assignments'), pairsBody),
  played('DELETE', here('/assignments'), pairsBody),
  played(
    'POST',
    fc.constantFrom(
      `/libraries/${uIds[0]}/users/n-1/accept-invite`,
      `/libraries/${uIds[0]}/users/n-3/accept-invite`,
    ),
    fc.record({ account }),
  ),
)

/** How what follows goes. */
export const scripts = fc.oneof(
  played(
    'POST',
    fc.constant('/event-scripts'),
    fc.oneof(
      fc.record({ failures }),
      fc.record({ outcome: fc.constant('PENDING'), stuckAfter: fc.integer({ min: 0, max: 3 }) }),
      fc.record({ delaySeconds: fc.integer({ min: 0, max: 5 }) }),
    ),
  ),
  played(
    'POST',
    fc.constant('/faults'),
    fc.record({
      match: fc.record({ method: fc.constantFrom('GET', 'POST') }),
      action: fc.record({
        status: fc.constantFrom(200, 503),
        cut: fc.constantFrom('none', 'midBody', 'beforeHeaders'),
        applyEffect: fc.boolean(),
      }),
    }),
  ),
  played(
    'POST',
    fc.constant('/walk-scripts'),
    fc.record({
      endpoint: fc.constantFrom('assets', 'assignments', 'users'),
      beforePage: fc.integer({ min: 0, max: 1 }),
      writes: fc.array(
        fc.oneof(
          pairsBody.map((body) => ({ write: 'associate', ...body })),
          pairsBody.map((body) => ({ write: 'disassociate', ...body })),
          users.map((body) => ({ write: 'createUsers', ...body })),
          users.map((body) => ({ write: 'retireUsers', ...body })),
        ),
        { minLength: 1, maxLength: 2 },
      ),
    }),
  ),
  played(
    'PATCH',
    fc.constant('/switches'),
    fc.record(
      {
        shortage: fc.constantFrom('partial', 'none'),
        retireUser: fc.constantFrom('freeRevocable', 'keepRows'),
        userNotFound: fc.constantFrom('async', 'sync'),
        reassociate: fc.constantFrom('noop', 9616),
        disassociateMissing: fc.constantFrom('noop', 9619),
        deltaRemovals: fc.constantFrom('omit', 'listAsRow'),
        newDownloadRevokes: fc.constant('never'),
      },
      { requiredKeys: [] },
    ),
  ),
  played(
    'PATCH',
    fc.constant('/settings'),
    fc.record({
      pageSizes: fc.record({
        assets: fc.integer({ min: 1, max: 9 }),
        assignments: fc.integer({ min: 1, max: 9 }),
        users: fc.integer({ min: 1, max: 9 }),
      }),
    }),
  ),
)

export const advances = played(
  'POST',
  fc.constant('/clock'),
  fc.record({ advanceSeconds: fc.integer({ min: 0, max: 4 }) }),
)

/** What is made up: tokens, and what counts events. */
export const makings = fc.oneof(
  played(
    'POST',
    here('/tokens'),
    fc.record({ account, layout: fc.constantFrom('compact', 'indented') }),
  ),
  played('POST', fc.constant('/libraries'), fc.record({ locationName: fc.constant('Made') })),
  played(
    'POST',
    fc
      .integer({ min: 1, max: 9 })
      .map((n) => `/events/e0000000-0000-4000-8000-00000000000${n}/finish`),
    fc.oneof(fc.constant({}), fc.record({ failures })),
  ),
)

export const reads = fc.oneof(
  asked(
    'GET',
    fc.constantFrom('/service/config', '/client/config', '/assets', '/users', '/assignments'),
  ),
  asked(
    'GET',
    fc.constantFrom('/assets?pageIndex=1', '/assignments?pageIndex=1', '/users?pageIndex=1'),
  ),
  asked(
    'GET',
    fc
      .integer({ min: 1, max: 9 })
      .map((n) => `/status?eventId=e0000000-0000-4000-8000-00000000000${n}`),
  ),
)

export const anyCall = fc.oneof(
  { weight: 6, arbitrary: clientWrites },
  { weight: 6, arbitrary: foreignWrites },
  { weight: 4, arbitrary: advances },
  { weight: 2, arbitrary: scripts },
  { weight: 1, arbitrary: makings },
  { weight: 2, arbitrary: reads },
)

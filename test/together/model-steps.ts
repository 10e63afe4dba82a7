/** What may happen at Apple, on the way to it, and here: one step of a generated history. */
import fc from 'fast-check'
import type { LicenseRequest } from '../../src/model/license-request.ts'
import { faultRule } from './model-faults.ts'
import { observed, ours } from './truth-world.ts'

export const lists = ['assets', 'assignments', 'users'] as const

export type Step =
  /** A call of the control plane: whatever the world refuses, such as more than there is, has not happened. */
  | {
      readonly kind: 'atApple'
      readonly method: string
      readonly path: string
      readonly body: object
    }
  /** Another server's doing at the location that is Pomona's. */
  | { readonly kind: 'users'; readonly verb: 'create' | 'retire'; readonly ids: readonly string[] }
  | { readonly kind: 'midWalk'; readonly script: object }
  | { readonly kind: 'event'; readonly script: object }
  | { readonly kind: 'content'; readonly becomes: 'revoke' | 'expire' | 'forget' | 'restore' }
  /** Asked for at both locations; where Pomona only reads, it must refuse. */
  | { readonly kind: 'write'; readonly request: LicenseRequest }
  | { readonly kind: 'syncNow' }
  | ({ readonly kind: 'run' } & Circumstances)
  | ({ readonly kind: 'killedRun'; readonly uses: number } & Circumstances)

export interface Circumstances {
  /** Passed since the step before: a day later every list is walked in full. */
  readonly hours: number
  readonly faults: readonly object[]
}

const adamId = fc.constantFrom('9000000001', '9000000002', '9000000003', '9000000005', '9000000006')
const adamIds = fc.uniqueArray(adamId, { minLength: 1, maxLength: 3 })
const serialNumber = fc.constantFrom('S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7')
const serialNumbers = fc.uniqueArray(serialNumber, { minLength: 1 })
const foreignUsers = fc.uniqueArray(fc.constantFrom('u-0001', 'u-0003', 'u-0004'), { minLength: 1 })
const ownUsers = fc.uniqueArray(fc.constantFrom('p-0001', 'p-0002', 'p-0003'), { minLength: 1 })
const anyUsers = fc.uniqueArray(fc.constantFrom('u-0001', 'u-0003', 'p-0001', 'p-0002'), {
  minLength: 1,
})
const quantity = fc.integer({ min: 1, max: 9 })
const location = fc.constantFrom(ours, ours, observed)
const assets = adamIds.map((ids) => ids.map((id) => ({ adamId: id })))

const atApple = fc.oneof(
  fc.record({
    method: fc.constant('POST'),
    path: fc
      .tuple(location, fc.constantFrom('buy', 'refund'))
      .map(([uId, verb]) => `/libraries/${uId}/${verb}`),
    body: fc.record({ adamId, quantity }),
  }),
  fc.record({
    method: fc.constant('POST'),
    path: fc.constant('/transfers'),
    body: fc.record({
      fromUId: location,
      toUId: location,
      adamId,
      pricingParam: fc.constant('STDQ'),
      quantity,
    }),
  }),
  fc.record({
    method: fc.constantFrom('POST', 'POST', 'DELETE'),
    path: location.map((uId) => `/libraries/${uId}/assignments`),
    body: fc.oneof(
      fc.record({ assets, serialNumbers }),
      fc.record({ assets, clientUserIds: anyUsers }),
    ),
  }),
  fc.record({
    method: fc.constant('POST'),
    path: anyUsers.map(([id]) => `/libraries/${ours}/users/${id}/accept-invite`),
    body: fc.record({ account: fc.constantFrom('x@harbour.example', 'y@harbour.example') }),
  }),
  fc.record({
    method: fc.constant('PATCH'),
    path: fc.constant('/switches'),
    body: fc.oneof(
      fc.record({ deltaRemovals: fc.constantFrom('omit', 'listAsRow') }),
      fc.record({ versionWindow: fc.constantFrom(1, 3, 1000) }),
      fc.record({ shortage: fc.constantFrom('partial', 'none') }),
      fc.record({ retireUser: fc.constantFrom('freeRevocable', 'keepRows') }),
      fc.record({ retryAfterForm: fc.constantFrom('seconds', 'httpDate') }),
    ),
  }),
  fc.record({
    method: fc.constant('PATCH'),
    path: fc.constant('/settings'),
    body: fc.oneof(
      fc
        .integer({ min: 1, max: 6 })
        .map((rows) => ({ pageSizes: { assets: rows, assignments: rows, users: rows } })),
      fc.record({
        limits: fc.oneof(
          fc.record({ maxSerialNumbers: fc.constantFrom(1, 2, 1000) }),
          fc.record({ maxAssets: fc.constantFrom(1, 2, 25) }),
          fc.record({ maxRequestPerSecond: fc.constantFrom(5, 10, 15) }),
        ),
      }),
      fc.record({ eventDelaySeconds: fc.constantFrom(0, 2, 45) }),
    ),
  }),
)

const midWalk = fc.record({
  uId: location,
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

const eventScript = fc.oneof(
  fc.record({
    failures: fc.array(
      fc.record({
        errorNumber: fc.constantFrom(9603, 9609, 9644, 9709, 9626, 9999),
        take: fc.integer({ min: 1, max: 3 }),
      }),
      { minLength: 1, maxLength: 2 },
    ),
  }),
  fc.record({ outcome: fc.constantFrom('FAILED', 'PENDING'), count: fc.constantFrom(1, 2) }),
  fc.record({ delaySeconds: fc.constantFrom(40, 700), count: fc.constant(1) }),
)

const keyOf = (id: string) => ({
  adamId: id,
  pricingParam: id === '9000000003' ? 'PLUS' : 'STDQ',
})
const keys = adamIds.map((ids) => ids.map(keyOf))
const request: fc.Arbitrary<LicenseRequest> = fc.oneof(
  fc.record({
    action: fc.constantFrom('assign', 'assign', 'unassign'),
    assets: keys,
    targetKind: fc.constant('serialNumber'),
    targets: serialNumbers,
  }),
  fc.record({
    action: fc.constantFrom('assign', 'unassign'),
    assets: keys,
    targetKind: fc.constant('clientUserId'),
    targets: anyUsers,
  }),
  fc.record({
    action: fc.constant('reclaim'),
    from: fc.oneof(
      fc.record({
        kind: fc.constant('target'),
        targetKind: fc.constant('serialNumber'),
        target: serialNumber,
      }),
      fc.record({ kind: fc.constant('orphans'), knownSerialNumbers: serialNumbers }),
    ),
  }),
  fc.record({
    action: fc.constantFrom('createUsers', 'createUsers', 'updateUsers', 'retireUsers'),
    users: ownUsers.map((ids) => ids.map((id) => ({ clientUserId: id, email: `${id}@h.example` }))),
  }),
)

const circumstances = {
  hours: fc.constantFrom(0, 0, 0, 2, 25, 25),
  faults: fc.array(faultRule, { maxLength: 2, size: 'max' }),
}

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: atApple.map((call) => ({ kind: 'atApple' as const, ...call })) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('users'),
      verb: fc.constantFrom('create', 'retire'),
      ids: foreignUsers,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('midWalk'), script: midWalk }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('event'), script: eventScript }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('content'),
      becomes: fc.constantFrom('revoke', 'expire', 'forget', 'restore'),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('write'), request }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'syncNow' }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('run'), ...circumstances }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('killedRun'),
      ...circumstances,
      uses: fc.integer({ min: 1, max: 150 }),
    }),
  },
)

export const history = fc.array(step, { minLength: 1, maxLength: 20, size: 'max' })

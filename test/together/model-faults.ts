/** Faults of every kind that the simulator has (Apple 11.7), on Pomona's own requests. */
import fc from 'fast-check'
import { observed, ours } from './truth-world.ts'

/** Every number of Apple 4.1, those of the old service, and one that nobody knows. */
const errorNumbers = [
  ...[9601, 9602, 9603, 9609, 9616, 9619, 9621, 9622, 9623, 9625, 9626, 9630, 9634, 9635, 9637],
  ...[9641, 9642, 9643, 9644, 9645, 9646, 9647, 9650, 9700, 9701, 9702, 9703, 9704, 9705, 9706],
  ...[9707, 9708, 9709, 9713, 9714, 9715, 9716, 9717, 9718, 9719, 9720, 9721, 9722, 9726, 9727],
  ...[9729, 9811, 9999],
] as const

const status = fc.constantFrom(400, 401, 403, 404, 405, 410, 415, 429, 500, 502, 503, 504)
const retryAfter = fc.constantFrom('1', '7', '61', '4000', 'Tue, 01 Dec 2026 09:01:00 GMT', 'soon')
const body = fc.constantFrom('<html>Busy</html>', '', '{}', '[]', '{"assets":7}', '{"uId":"1"}')
const cut = fc.constantFrom('beforeHeaders', 'midBody')

/** Nothing of a write has happened where a number is told (Apple 2.1); elsewhere it may have. */
const action = fc.oneof(
  { weight: 3, arbitrary: fc.record({ errorNumber: fc.constantFrom(...errorNumbers) }) },
  // Numbers are read whatever the status (Apple C2).
  {
    weight: 1,
    arbitrary: fc.record({
      status: fc.constantFrom(200, 401),
      errorNumber: fc.constantFrom(9622, 9625, 9646, 9729),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      status: fc.constantFrom(429, 500, 503),
      errorNumber: fc.constantFrom(9603, 9646, 9729),
      retryAfter,
    }),
  },
  { weight: 2, arbitrary: fc.record({ status, applyEffect: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ cut, applyEffect: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      truncateAt: fc.integer({ min: 0, max: 300 }),
      applyEffect: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      body,
      status: fc.constantFrom(200, 502),
      applyEffect: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      status: fc.constantFrom(301, 307),
      headers: fc.constant({ location: 'https://elsewhere.example/mdm/v2/assets' }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      delayMs: fc.integer({ min: 1, max: 20 }),
      headers: fc.constant({ 'x-unknown': 'yes' }),
    }),
  },
)

/** Users of another server are changed through the same door; its calls meet no fault. */
const match = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record(
      {
        method: fc.constant('GET'),
        path: fc.constantFrom(
          ...[
            'assets',
            'assignments',
            'users',
            'client/config',
            'service/config',
            'status',
            '*',
          ].map((name) => `/mdm/v2/${name}`),
        ),
        uId: fc.constantFrom(ours, observed),
      },
      { requiredKeys: ['method', 'path'] },
    ),
  },
  { weight: 1, arbitrary: fc.constant({ path: '/WebObjects/*' }) },
  {
    weight: 3,
    arbitrary: fc.record({
      method: fc.constant('POST'),
      path: fc.constantFrom('/mdm/v2/assets/*', '/mdm/v2/assets/associate'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      method: fc.constant('POST'),
      path: fc.constant('/mdm/v2/users/*'),
      bodyIncludes: fc.constant('"p-'),
    }),
  },
)

const anyFault = fc.record({
  match,
  nth: fc.constantFrom(1, 1, 1, 2, 3),
  count: fc.integer({ min: 1, max: 7 }),
  action,
})

/** Other pages of the same walk are under way, or wait for their turn. */
const throttledWalk = fc.record({
  match: fc.record({
    method: fc.constant('GET'),
    path: fc.constantFrom('/mdm/v2/assets', '/mdm/v2/assignments'),
    uId: fc.constant(ours),
  }),
  nth: fc.constantFrom(2, 3),
  count: fc.constant(1),
  action: fc.record({
    errorNumber: fc.constantFrom(9646, 9729),
    retryAfter: fc.constantFrom('1', '7', '30'),
  }),
})

export const faultRule = fc.oneof(
  { weight: 4, arbitrary: anyFault },
  { weight: 2, arbitrary: throttledWalk },
)

/** Who does the syncs, how much a client may ask, how long things are kept, and what is logged. */
import { always, setting } from '../setting.ts'
import { days, limit, oneOf, onOrOff } from '../setting-kinds.ts'

export const upkeepSettings = {
  'no-worker': setting({
    reader: 'service',
    description: 'Serve requests only, and leave the syncs to pomona worker; PostgreSQL only',
    kind: onOrOff,
    fallback: always('false'),
  }),
  'throttle-requests': setting({
    reader: 'service',
    argument: 'COUNT',
    description:
      'Requests that one client may send in 20 seconds, or off; all clients of a tenant together twice as many',
    kind: limit,
    fallback: always('20000'),
  }),
  'throttle-writes': setting({
    reader: 'service',
    argument: 'COUNT',
    description: 'The same for requests that change something',
    kind: limit,
    fallback: always('4000'),
  }),
  'retain-audit-days': setting({
    reader: 'service',
    argument: 'DAYS',
    description: 'How long audit events are kept',
    kind: days,
    fallback: always('forever'),
  }),
  'retain-runs-days': setting({
    reader: 'service',
    argument: 'DAYS',
    description: 'How long ended sync runs are kept',
    kind: days,
    fallback: always('90'),
  }),
  'retain-receipts-days': setting({
    reader: 'service',
    argument: 'DAYS',
    description: 'How long ended changes of licences and users are kept, with their receipts',
    kind: days,
    fallback: always('90'),
  }),
  'retain-idempotency-days': setting({
    reader: 'service',
    argument: 'DAYS',
    description: 'How long a retried create with the same Idempotency-Key is recognized',
    kind: days,
    fallback: always('1'),
  }),
  'log-level': setting({
    reader: 'service',
    argument: 'LEVEL',
    description: 'debug, info, warn, error or silent',
    kind: oneOf('debug', 'info', 'warn', 'error', 'silent'),
    fallback: always('info'),
  }),
} as const

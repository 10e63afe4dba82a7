/** The due loop's door: what is due is a fact of the tokens' rows, who may talk to Apple a fact of the leases (graph 9, row 8). */
import type { Instant } from '../../model/date-time-offset.ts'
import type { Lease, Schedule, TakenToken } from '../../ports/instance-store.ts'
import { first, type SqlConnection, type SqlRow, type Transact } from './connection.ts'
import type { Dialect } from './dialect.ts'

// The same words as in the index vpp_token_by_lease.
const leaseKey = 'coalesce(location_id, content_hash, id)'
const unheld = `not exists (
    select 1 from location_lease where location_key = ${leaseKey} and until > $1)`

const dueAfter = ({ takenRows }: Dialect) =>
  `select number, tenant_id, id, due_at, ${leaseKey} as location_key from vpp_token
    where due_at <= $1 and (due_at, number) > ($2, $3) and ${unheld}
    order by due_at, number limit $4 ${takenRows}`

const sql = {
  take: 'update vpp_token set fence = fence + 1 where number = $1 and due_at <= $2 returning fence',
  hold: `insert into location_lease (location_key, holder, until) values ($1, $2, $3)
    on conflict (location_key) do update set holder = excluded.holder, until = excluded.until
    where location_lease.until <= $4 or location_lease.holder = excluded.holder`,
  extend: 'update location_lease set until = $3 where location_key = $1 and holder = $2',
  release: 'delete from location_lease where holder = $1',
  firstUnheld: `select due_at from vpp_token
    where not exists (select 1 from location_lease where location_key = ${leaseKey})
    order by due_at, number limit 1`,
  // A held token may be due when its lease ends, unless the lease is given back before.
  firstHeld: `select min(case when due_at > until then due_at else until end) as due_at
    from location_lease cross join vpp_token where ${leaseKey} = location_key`,
}

/** `newHolder` makes the unguessable text of a taking. */
export function schedule(
  dialect: Dialect,
  reads: SqlConnection,
  transact: Transact,
  newHolder: () => string,
): Schedule {
  const due = dueAfter(dialect)
  return {
    takeDue: (request) => transact((connection) => takeDue(connection, due, request, newHolder)),
    extendLease: ({ locationKey, holder }, until) =>
      transact(
        async (connection) => (await connection.run(sql.extend, [locationKey, holder, until])) > 0,
      ),
    addLease: ({ holder }, locationKey, now, until) =>
      transact((connection) => hold(connection, { locationKey, holder }, now, until)),
    releaseLeases: (holder) =>
      transact(async (connection) => {
        await connection.run(sql.release, [holder])
      }),
    releaseAbandoned: () =>
      transact(async (connection) => {
        await connection.run('delete from location_lease')
      }),
    nextDue: async () => {
      const unheld = await first(reads, sql.firstUnheld, [])
      const held = await first(reads, sql.firstHeld, [])
      const instants = [unheld?.due_at, held?.due_at].filter((at) => typeof at === 'string')
      return instants.sort()[0]
    },
  }
}

/**
 * Walks the due tokens from the most overdue on, in pages, since tokens of one location may stand side by side and only one
 * of them can be taken.
 */
async function takeDue(
  connection: SqlConnection,
  dueAfter: string,
  { now, until, limit }: Parameters<Schedule['takeDue']>[0],
  newHolder: () => string,
): Promise<readonly TakenToken[]> {
  const taken: TakenToken[] = []
  let last: SqlRow | undefined
  for (;;) {
    const page = await connection.all(dueAfter, [now, last?.due_at ?? '', last?.number ?? 0, limit])
    for (const row of page) {
      if (taken.length === limit) return taken
      const token = await take(connection, row, now, until, newHolder())
      if (token) taken.push(token)
    }
    last = page.at(-1)
    if (!last || page.length < limit) return taken
  }
}

async function take(
  connection: SqlConnection,
  row: SqlRow,
  now: Instant,
  until: Instant,
  holder: string,
): Promise<TakenToken | undefined> {
  const lease = { locationKey: String(row.location_key), holder }
  // Two rows of one page can share a location: the first has the lease by now.
  if (!(await hold(connection, lease, now, until))) return undefined
  const [updated] = await connection.all(sql.take, [row.number ?? null, now])
  if (!updated) return undefined
  return {
    tenantId: String(row.tenant_id),
    tokenId: String(row.id),
    fence: Number(updated.fence),
    lease,
  }
}

async function hold(
  connection: SqlConnection,
  { locationKey, holder }: Lease,
  now: Instant,
  until: Instant,
): Promise<boolean> {
  return (await connection.run(sql.hold, [locationKey, holder, until, now])) > 0
}

import type { Notice } from '../journal/finding.ts'
import type { World } from '../world/world.ts'
import { bodyOf, type ControlHandler, expectNoBody, gone, ok, worldOf } from './control-call.ts'
import { list, wrong } from './decode.ts'
import { assertion } from './journal-assertions.ts'

/** `?since=seq` leaves out what is older. */
export const getJournal: ControlHandler = (call) => {
  const since = call.query.get('since') ?? '0'
  if (!/^\d{1,12}$/.test(since)) throw wrong('since has to be the seq of an entry.')
  return ok({ entries: worldOf(call).journal.filter((entry) => entry.seq > Number(since)) })
}

/** The next entry goes on counting, so that a seq is never used twice. */
export const clearJournal: ControlHandler = (call) => {
  expectNoBody(call)
  worldOf(call).journal = []
  return gone
}

/** One finding for each assertion, in the same order (Apple contract 11.8). */
export const assertJournal: ControlHandler = (call) => {
  const world = worldOf(call)
  const { journal, state } = world
  const notices = noticesOf(world)
  const assertions = bodyOf(call, list(assertion))
  if (assertions.length === 0) throw wrong('The list is empty. Send [{"assert": "tokenVerbatim"}].')
  return ok(
    assertions.map(({ assert, clock, judge }) => ({
      assert,
      ...judge({ entries: journal, clock: clock ?? state.switches.limiterClock, notices }),
    })),
  )
}

function noticesOf({ state }: World): Notice[] {
  return state.notifications.flatMap(({ body: { eventId }, tries }) =>
    tries.flatMap(({ status, realMs, virtualMs }) =>
      typeof eventId === 'string' && status !== null && status >= 200 && status < 300
        ? { eventId, real: realMs, virtual: virtualMs }
        : [],
    ),
  )
}

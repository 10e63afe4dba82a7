import {
  claimVerified,
  noRequests,
  noSecretInUrl,
  noWrites,
  order,
  requestCount,
  tokenVerbatim,
} from '../journal/conduct.ts'
import type { Evidence, Finding } from '../journal/finding.ts'
import { limitsFresh, maxParallel, maxRate, maxTries, retryAfter } from '../journal/pace.ts'
import { noAssetReread, noRestart, pagedToEnd, usedSince } from '../journal/walking.ts'
import { pollSpacing, rectangles } from '../journal/writes.ts'
import {
  type Decode,
  list,
  object,
  oneOf,
  optional,
  or,
  plainObject,
  text,
  whole,
  wrong,
} from './decode.ts'
import { callMatch } from './faults.ts'
import { nearestHint } from './nearest-name.ts'

export type Judge = (evidence: Evidence) => Finding

const walked = oneOf(['assets', 'assignments', 'users'])

const wantedPair = object({
  adamId: text,
  pricingParam: or(text, 'STDQ'),
  serialNumber: optional(text),
  clientUserId: optional(text),
})

/** Apple contract 11.8; each takes its own members and no others. */
const assertions: Record<string, Decode<Judge>> = {
  tokenVerbatim: taking({}, () => tokenVerbatim),
  retryAfter: taking(
    { cap: or(whole(0), 3600) },
    ({ cap }) =>
      (seen) =>
        retryAfter(seen, cap),
  ),
  maxParallel: taking(
    { n: or(whole(1), 5) },
    ({ n }) =>
      (seen) =>
        maxParallel(seen, n),
  ),
  maxRate: taking(
    { perSecond: whole(1) },
    ({ perSecond }) =>
      (seen) =>
        maxRate(seen, perSecond),
  ),
  maxTries: taking(
    { n: or(whole(1), 5) },
    ({ n }) =>
      (seen) =>
        maxTries(seen, n),
  ),
  pagedToEnd: taking(
    { endpoint: walked },
    ({ endpoint }) =>
      (seen) =>
        pagedToEnd(seen, endpoint),
  ),
  noRestart: taking(
    { endpoint: walked },
    ({ endpoint }) =>
      (seen) =>
        noRestart(seen, endpoint),
  ),
  usedSince: taking(
    { endpoint: oneOf(['assignments', 'users']) },
    ({ endpoint }) =>
      (seen) =>
        usedSince(seen, endpoint),
  ),
  noAssetReread: taking({}, () => noAssetReread),
  limitsFresh: taking(
    { seconds: or(whole(1), 300) },
    ({ seconds }) =>
      (seen) =>
        limitsFresh(seen, seconds),
  ),
  noWrites: taking(
    { uId: optional(text) },
    ({ uId }) =>
      (seen) =>
        noWrites(seen, uId),
  ),
  claimVerified: taking(
    { uId: text },
    ({ uId }) =>
      (seen) =>
        claimVerified(seen, uId),
  ),
  pollSpacing: taking(
    { seconds: or(whole(0), 30), giveUp: or(whole(1), 600) },
    ({ seconds, giveUp }) =>
      (seen) =>
        pollSpacing(seen, seconds, giveUp),
  ),
  rectangles: taking(
    { wanted: list(wantedPair), endpoint: optional(oneOf(['associate', 'disassociate'])) },
    ({ wanted, endpoint }) =>
      (seen) =>
        rectangles(seen, wanted, endpoint),
  ),
  requestCount: taking(
    { match: or(callMatch, {}), n: whole(0) },
    ({ match, n }) =>
      (seen) =>
        requestCount(seen, match, n),
  ),
  order: taking(
    { matches: list(callMatch) },
    ({ matches }) =>
      (seen) =>
        order(seen, matches),
  ),
  noSecretInUrl: taking({}, () => noSecretInUrl),
  noRequests: taking(
    { match: or(callMatch, {}) },
    ({ match }) =>
      (seen) =>
        noRequests(seen, match),
  ),
}

export interface Assertion {
  assert: string
  /** The clock to measure by; undefined: the one that the world's limits run by. */
  clock: Evidence['clock'] | undefined
  judge: Judge
}

export const assertion: Decode<Assertion> = (value, name) => {
  const { assert, clock, ...members } = plainObject(value, name)
  const wanted = text(assert, `"assert" in ${name}`)
  const decode = assertions[wanted]
  if (decode === undefined) {
    throw wrong(
      `There is no assertion "${wanted}". ${nearestHint(wanted, Object.keys(assertions))}`,
    )
  }
  return {
    assert: wanted,
    clock: optional(oneOf(['real', 'virtual']))(clock, `"clock" in ${name}`),
    judge: decode(members, name),
  }
}

function taking<S extends Parameters<typeof object>[0]>(
  shape: S,
  judge: (members: ReturnType<ReturnType<typeof object<S>>>) => Judge,
): Decode<Judge> {
  const decode = object<S>(shape)
  return (value, name) => judge(decode(value, name))
}

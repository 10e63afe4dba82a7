import { describe, expect, it } from 'vitest'
import { type SignIn, signInLimiter } from './sign-in-limiter.ts'

const minuteMs = 60_000
const robot: SignIn = {
  tenantId: '0a64ad77-0d4f-4d45-9a61-5f1f0d8d1c11',
  clientId: '4f0c5ad8-33ff-4bd4-a0ff-2f5b6f1f7e77',
  remoteAddress: '192.0.2.1',
}

/** The n-th of many clients. */
function client(n: number): Pick<SignIn, 'clientId'> {
  return { clientId: `eeeeeeee-0000-4000-8000-${String(n).padStart(12, '0')}` }
}

function fixture() {
  const time = { nowMs: 0 }
  const limiter = signInLimiter({
    now: () => new Date(time.nowMs),
    sleep: async () => undefined,
  })
  const fail = (times: number, signIn: (turn: number) => SignIn) => {
    for (let turn = 0; turn < times; turn += 1) limiter.addFailure(signIn(turn))
  }
  return { limiter, time, fail }
}

describe('ten failures within five minutes', () => {
  it('make this client wait at this address, until five minutes after the first', () => {
    const { limiter, time, fail } = fixture()
    fail(9, () => robot)
    expect(limiter.waitMs(robot)).toBe(0)
    time.nowMs = 2 * minuteMs
    fail(1, () => robot)
    expect(limiter.waitMs(robot)).toBe(3 * minuteMs)
    time.nowMs = 5 * minuteMs
    expect(limiter.waitMs(robot)).toBe(0)
  })

  it.each([
    ['the client at another address', { remoteAddress: '192.0.2.2' }],
    ['another client at the address', client(1)],
    ['the client id in another tenant', { tenantId: '7b1f4a9e-6a52-4d8e-8f0e-0f1b2a3c4d5e' }],
  ])('leave %s alone', (_, change) => {
    const { limiter, fail } = fixture()
    fail(10, () => robot)
    expect(limiter.waitMs({ ...robot, ...change })).toBe(0)
  })

  it.each([
    ['the client id in capitals', { clientId: robot.clientId.toUpperCase() }],
    ['the address written for IPv6', { remoteAddress: '::ffff:192.0.2.1' }],
  ])('count for %s as well', (_, change) => {
    const { limiter, fail } = fixture()
    fail(10, () => robot)
    expect(limiter.waitMs({ ...robot, ...change })).toBe(5 * minuteMs)
  })

  it('are those of a whole IPv6 network', () => {
    const { limiter, fail } = fixture()
    fail(10, (turn) => ({ ...robot, remoteAddress: `2001:db8:1:2::${turn}` }))
    expect(limiter.waitMs({ ...robot, remoteAddress: '2001:db8:1:2:ffff::1' })).toBe(5 * minuteMs)
    expect(limiter.waitMs({ ...robot, remoteAddress: '2001:db8:1:3::1' })).toBe(0)
  })

  it('with ids that are none count together', () => {
    const { limiter, fail } = fixture()
    fail(10, (turn) => ({ ...robot, clientId: 'x'.repeat(turn) }))
    expect(limiter.waitMs({ ...robot, clientId: 'y' })).toBe(5 * minuteMs)
    expect(limiter.waitMs(robot)).toBe(0)
  })
})

describe('fifty failures at one address', () => {
  it('make every client wait there, and nowhere else', () => {
    const { limiter, fail } = fixture()
    fail(49, (turn) => ({ ...robot, ...client(turn) }))
    expect(limiter.waitMs(robot)).toBe(0)
    fail(1, () => ({ ...robot, ...client(49) }))
    expect(limiter.waitMs(robot)).toBe(5 * minuteMs)
    expect(limiter.waitMs({ ...robot, remoteAddress: '192.0.2.2' })).toBe(0)
  })
})

describe('the right secret', () => {
  it('wipes out the failures of its client at its address only', () => {
    const { limiter, fail } = fixture()
    const neighbour = { ...robot, ...client(1) }
    fail(9, () => robot)
    fail(9, () => neighbour)
    limiter.addSuccess(robot)
    fail(1, () => robot)
    fail(1, () => neighbour)
    expect(limiter.waitMs(robot)).toBe(0)
    expect(limiter.waitMs(neighbour)).toBe(5 * minuteMs)
  })

  it('does not wipe out what its address has done: one good client must not cover guesses at others', () => {
    const { limiter, fail } = fixture()
    for (let turn = 0; turn < 50; turn += 1) {
      fail(1, () => ({ ...robot, ...client(turn) }))
      limiter.addSuccess(robot)
    }
    expect(limiter.waitMs(robot)).toBe(5 * minuteMs)
  })
})

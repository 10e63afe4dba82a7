import { DatabaseError } from 'pg'
import { describe, expect, test } from 'vitest'
import { Failure } from '../../model/failure.ts'
import { failureOf } from './failure-of.ts'
import type { ConnectionPool } from './pool.ts'
import { units } from './units.ts'

/** What the server says; the texts are its own. */
function answer(code: string): Failure {
  const error = new DatabaseError('could not', 1, 'error')
  error.code = code
  return failureOf(error)
}

describe('units of work on PostgreSQL', () => {
  const sleeps: number[] = []
  const clock = {
    now: () => new Date(0),
    sleep: async (ms: number) => {
      sleeps.push(ms)
    },
  }
  const unitsOn = (lend: ConnectionPool['lend']) => {
    sleeps.length = 0
    return units({ lend, close: async () => undefined }, clock, () => undefined)
  }

  test.each(['40001', '40P01'])(
    'give up after twenty collisions (%s), with longer pauses each time',
    async (code) => {
      let attempts = 0
      const { transact } = unitsOn(async () => {
        attempts += 1
        throw answer(code)
      })
      await expect(transact(async () => 1)).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('same records at the same time'),
        retryAfterSeconds: 5,
      })
      expect(attempts).toBe(20)
      expect(sleeps).toHaveLength(19)
      sleeps.forEach((ms, index) => {
        expect(ms).toBeGreaterThanOrEqual(1)
        expect(ms).toBeLessThanOrEqual(Math.min(2 ** (index + 1), 128))
      })
    },
  )

  test.each(['57P01', '53100', '23505', '55P03'])(
    'are not run again for anything else (%s)',
    async (code) => {
      let attempts = 0
      const { transact } = unitsOn(async () => {
        attempts += 1
        throw answer(code)
      })
      await expect(transact(async () => 1)).rejects.toBeInstanceOf(Failure)
      expect(attempts).toBe(1)
    },
  )
})

describe('what the server says, said to people', () => {
  test.each([
    ['23505', 'conflict'],
    ['23503', 'notFound'],
    ['22021', 'badRequest'],
    ['40001', 'unavailable'],
    ['53100', 'unavailable'],
    ['53300', 'unavailable'],
    ['57P01', 'unavailable'],
    ['57P03', 'unavailable'],
    ['08006', 'unavailable'],
    ['25006', 'unavailable'],
    ['28P01', 'misconfigured'],
    ['28000', 'misconfigured'],
    ['3D000', 'misconfigured'],
    ['42501', 'misconfigured'],
    ['42601', 'internal'],
    ['42P01', 'internal'],
  ])('%s is %s', (state, code) => {
    expect(answer(state)).toMatchObject({
      code,
      ...(code === 'unavailable' ? { retryAfterSeconds: 5 } : { retryAfterSeconds: undefined }),
    })
  })

  test.each([
    ['ECONNREFUSED', 'unavailable'],
    ['ENOTFOUND', 'unavailable'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'misconfigured'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'misconfigured'],
  ])('a connection that fails with %s is %s', (code, meaning) => {
    expect(failureOf(Object.assign(new Error('x'), { code }))).toMatchObject({ code: meaning })
  })
})

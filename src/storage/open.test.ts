import { describe, expect, test } from 'vitest'
import { openStorage } from './open.ts'

const clock = { now: () => new Date(0), sleep: async () => undefined }

describe('openStorage', () => {
  test.each(['', 'sqlite:', 'pomona.db', 'mysql://u:s3cret@db', 'postgres://pomona:s3cret@'])(
    'refuses %j and does not repeat it',
    async (url) => {
      const failure = await openStorage({ url, clock }).catch((reason) => reason)
      expect(failure).toMatchObject({ code: 'misconfigured' })
      expect(failure.message).not.toContain('s3cret')
    },
  )
})

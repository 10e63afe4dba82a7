import { expect, test } from 'vitest'
import { older } from './token-renew.ts'

const stored = '2027-02-20T18:30:10Z'
test.each([
  ['2027-02-19T18:30:10Z', '2027-02-19', '2027-02-20'],
  ['2027-02-20T08:00:00Z', '2027-02-20 08:00Z', '2027-02-20 18:30Z'],
  ['2027-02-20T18:30:09Z', '2027-02-20T18:30:09Z', stored],
])('an older content token of %s is told apart from the stored one', (offered, one, other) => {
  expect(older(offered, stored)).toBe(
    `This content token expires on ${one}, before the stored one (${other}).`,
  )
})

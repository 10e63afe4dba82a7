import { expect, test } from 'vitest'
import { appSets } from '../entity-sets.ts'
import { bindFilter } from './bind-filter.ts'
import { requireFewLongCalls } from './long-calls.ts'
import { parseFilter } from './parse.ts'

const check = (filter: string, most: number) =>
  requireFewLongCalls(bindFilter(parseFilter(filter), appSets.beta), appSets.beta, most)
const inDescription = "contains(description,'a')"

test.each([
  inDescription,
  `${inDescription} and not startswith(description,'b')`,
  `${inDescription} or contains(displayName,'a') or contains(publisher,'a') or description eq 'a'`,
])('%s looks through long texts at most twice', (filter) => {
  expect(() => check(filter, 2)).not.toThrow()
})

test.each([
  [
    `${inDescription} or not (${inDescription} and endswith(Description,'c'))`,
    2,
    "The $filter looks through 'description' with startswith, endswith or contains, which is long: at most 2 times in one. Ask for it in several requests.",
  ],
  [
    inDescription,
    0,
    "The $filter looks through 'description' with startswith, endswith or contains, which is long: not in a batch of so many requests. Ask for it in several requests.",
  ],
])('%s is refused where %i are taken', (filter, most, message) => {
  expect(() => check(filter, most)).toThrow(message)
})

import { booksUnlimited } from './books-unlimited.ts'
import { duplicateLocation } from './duplicate-location.ts'
import { education } from './education.ts'
import { empty } from './empty.ts'
import { externalMdm } from './external-mdm.ts'
import { million } from './million.ts'
import { paged } from './paged.ts'
import type { Seed } from './seed.ts'
import { shortage } from './shortage.ts'
import { small } from './small.ts'
import { states } from './states.ts'

/** Their libraries are disjoint, so that several fit into one world (Apple contract 11.6). */
export const seeds: readonly Seed[] = [
  empty,
  small,
  states,
  externalMdm,
  duplicateLocation,
  booksUnlimited,
  shortage,
  education,
  paged,
  million,
]

export function findSeed(name: string): Seed | undefined {
  return seeds.find((seed) => seed.name === name)
}

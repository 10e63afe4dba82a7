/** The key of lists in the order of time: an instant is 28 characters, so both parts stand in one text. */
import type { Instant } from '../../model/date-time-offset.ts'

const instantLength = 28

export function instantAndId(instant: Instant, id: string): string {
  return `${instant}${id}`
}

/** Of a key that a caller brought back: any text gives a place in the order. */
export function readInstantAndId(key: string): readonly [Instant, string] {
  return [key.slice(0, instantLength), key.slice(instantLength)]
}

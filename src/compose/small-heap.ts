/**
 * Keeps the heap of a long-running process small. Under load V8 lets the young generation grow to 128 MiB, which saves a service
 * hardly any time and costs it 100 MiB. Its bound cannot be set any more once a process runs, and the command cannot rely on
 * flags of Node; how it grows can be set at any time. The old generation grows as V8 will: syncs pay for a bound of it.
 */
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

const enoughYoungBytes = 16 * 1_024 * 1_024
/** A look takes 20 µs; in this time not much more than the bound is filled. */
const lookEachMs = 100

/** For the whole process, from now to its end. */
export function keepHeapSmall(): void {
  // When there is nothing to do V8 shrinks the young one, so it must be able to grow again.
  setInterval(() => letYoungGrow(youngBytes() < enoughYoungBytes), lookEachMs).unref()
}

function youngBytes(): number {
  const spaces = getHeapSpaceStatistics()
  return spaces.find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0
}

/** By what it is multiplied when it is found too small; 2 is V8's own choice. */
function letYoungGrow(mayGrow: boolean): void {
  setFlagsFromString(`--semi-space-growth-factor=${mayGrow ? 2 : 1}`)
}

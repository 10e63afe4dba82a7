/**
 * Keeps the heap of a long-running process small. Under load V8 lets the young generation grow to 128 MiB and the old one to
 * three times what lives in it, which saves a service hardly any time and costs it 100 MiB. Their bounds cannot be set any more
 * once a process runs, and the command cannot rely on flags of Node; how they grow can be set at any time.
 */
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

const enoughYoungBytes = 16 * 1_024 * 1_024
/** A look takes 20 µs; in this time not much more than the bound is filled. */
const lookEachMs = 100

/** For the whole process, from now to its end. */
export function keepHeapSmall(): void {
  // The old generation is collected when it is three fifths larger than what lived after the last time.
  setFlagsFromString('--heap-growing-percent=60')
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

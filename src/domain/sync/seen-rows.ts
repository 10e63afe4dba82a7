/** Which numbered rows a walk has seen: a bitmap in chunks, so that a million rows take about 125 kB. */

/** Rows per chunk: small enough that scattered numbers do not cost much, large enough that chunks are few. */
const rowsPerChunk = 8_192

export interface SeenRows {
  add(number: number): void
  /** Rows that came with the walk stay seen. */
  clear(): void
  /** Rows that came with the walk itself are seen, too. */
  has(number: number): boolean
  /** How many of the numbers behind `after` and up to `until`, which is no higher than `highest`, are seen. */
  countIn(after: number, until: number): number
  /** The highest number that was in use when the walk began. */
  readonly highest: number
}

/** `highest`: rows with a higher number are inserted while the walk goes on. */
export function seenRows(highest = Number.MAX_SAFE_INTEGER): SeenRows {
  const chunks = new Map<number, Uint8Array>()

  const chunkOf = (number: number) => Math.floor(number / rowsPerChunk)

  function has(number: number): boolean {
    if (number > highest) return true
    const place = number % rowsPerChunk
    return ((chunks.get(chunkOf(number))?.[place >> 3] ?? 0) & (1 << (place & 7))) !== 0
  }

  function countOneByOne(from: number, until: number): number {
    let count = 0
    for (let number = from; number <= until; number += 1) if (has(number)) count += 1
    return count
  }

  return {
    highest,
    add(number) {
      const key = chunkOf(number)
      const chunk = chunks.get(key) ?? new Uint8Array(rowsPerChunk / 8)
      chunks.set(key, chunk)
      const place = number % rowsPerChunk
      chunk[place >> 3] = (chunk[place >> 3] ?? 0) | (1 << (place & 7))
    },
    clear: () => chunks.clear(),
    has,
    countIn(after, until) {
      const [first, last] = [chunkOf(after + 1), chunkOf(until)]
      let count = 0
      for (let key = first; key <= last; key += 1) {
        const chunk = chunks.get(key)
        if (chunk === undefined) continue
        const from = Math.max(after + 1, key * rowsPerChunk)
        const to = Math.min(until, (key + 1) * rowsPerChunk - 1)
        const isWhole = to - from === rowsPerChunk - 1
        count += isWhole ? ones(chunk) : countOneByOne(from, to)
      }
      return count
    },
  }
}

function ones(chunk: Uint8Array): number {
  let count = 0
  for (const byte of chunk) for (let rest = byte; rest !== 0; rest &= rest - 1) count += 1
  return count
}

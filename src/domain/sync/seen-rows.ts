/** Which numbered rows a walk has seen: a bitmap in chunks, so that a million rows take about 125 kB. */

/** Rows per chunk: small enough that scattered numbers do not cost much, large enough that chunks are few. */
const rowsPerChunk = 8_192

export interface SeenRows {
  add(number: number): void
  has(number: number): boolean
}

export function seenRows(): SeenRows {
  const chunks = new Map<number, Uint8Array>()
  return {
    add(number) {
      const key = Math.floor(number / rowsPerChunk)
      const chunk = chunks.get(key) ?? new Uint8Array(rowsPerChunk / 8)
      chunks.set(key, chunk)
      const place = number % rowsPerChunk
      chunk[place >> 3] = (chunk[place >> 3] ?? 0) | (1 << (place & 7))
    },
    has(number) {
      const chunk = chunks.get(Math.floor(number / rowsPerChunk))
      const place = number % rowsPerChunk
      return ((chunk?.[place >> 3] ?? 0) & (1 << (place & 7))) !== 0
    },
  }
}

/** Numbers out of many measurements, and how they are written. */

/** Of a sorted list, by nearest rank: a value that was really measured, never one between two. */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  const rank = Math.max(Math.ceil(sorted.length * share), 1)
  return sorted[rank - 1] ?? Number.NaN
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((left, right) => left - right)
  const middle = Math.floor(sorted.length / 2)
  const [lower, upper] = [sorted[middle - 1] ?? Number.NaN, sorted[middle] ?? Number.NaN]
  return sorted.length % 2 === 1 ? upper : (lower + upper) / 2
}

/** Three digits that count, thousands set apart: `48,300`, `1.24`, `0.083`. */
export function shown(number: number): string {
  if (!Number.isFinite(number)) return '-'
  if (number >= 100) return Math.round(number).toLocaleString('en-US')
  return number.toPrecision(3).slice(0, 5)
}

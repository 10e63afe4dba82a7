/** Numbers as text, however long, against properties that hold whole numbers. */

/** Beyond every number that the property can hold, or no number at all, which equals and orders with nothing. */
export type OutOfRange = 'above' | 'below' | 'neverEqual'

/** Undefined for a fraction: no whole number can be compared with it sensibly. `5.0` and `5e2` are whole. */
export function wholeNumber(text: string, largest: number): number | OutOfRange | undefined {
  if (/^nan$/i.test(text)) return 'neverEqual'
  const beyond = text.startsWith('-') ? 'below' : 'above'
  if (/inf$/i.test(text)) return beyond
  const [, whole = '', fraction = '', exponent = '0'] =
    /^-?(\d+)(?:\.(\d+))?(?:e([-+]?\d+))?$/i.exec(text) ?? []
  const digits = `${whole}${fraction}`.replace(/^0+/, '')
  if (digits === '') return 0
  const significant = digits.replace(/0+$/, '')
  // The place of the last digit that is not 0, counted in powers of ten.
  const scale = Number(exponent) - fraction.length + (digits.length - significant.length)
  if (scale < 0) return undefined
  // No declared number has more digits than this.
  if (significant.length + scale > 20) return beyond
  const size = BigInt(significant) * 10n ** BigInt(scale)
  if (size > BigInt(largest)) return beyond
  return beyond === 'below' ? -Number(size) : Number(size)
}

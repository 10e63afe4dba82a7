/**
 * Apple's Retry-After in milliseconds from now: seconds, or an HTTP date (Apple 5). A date is measured against the answer's
 * own `Date`, so that a wrong clock on either side does not shorten the wait. Undefined when there is none to be read.
 */
export function parseRetryAfter(
  value: string | undefined,
  answeredAtMs: number,
): number | undefined {
  const text = value?.trim() ?? ''
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1_000)
  const dateMs = parseHttpDate(text)
  return dateMs === undefined ? undefined : Math.max(0, dateMs - answeredAtMs)
}

/** Milliseconds since 1970; undefined when the text is no HTTP date. */
export function parseHttpDate(text: string | undefined): number | undefined {
  if (text === undefined || !/ GMT$/.test(text)) return undefined
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? undefined : ms
}

/**
 * Edm.DateTimeOffset with 100 ns and the offset it was written in (graph D6, G9, 7.5). Two values compare as instants;
 * the offset only decides how one is shown.
 */

/** UTC, always 28 characters: `2026-11-22T09:00:00.0000000Z`. Instants therefore compare as text, byte by byte. */
export type Instant = string

export interface DateTimeOffset {
  readonly instant: Instant
  /** Minutes east of UTC, -840 to 840; 0 is shown as `Z`. */
  readonly offsetMinutes: number
}

/** Graph's way to say "never" or "not known" (graph 7.5). */
export const neverInstant: Instant = '0001-01-01T00:00:00.0000000Z'
export const never: DateTimeOffset = { instant: neverInstant, offsetMinutes: 0 }

const form =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?:(Z)|([+-])(\d\d)(?::?(\d\d))?)$/i

const maxOffsetMinutes = 14 * 60
const minuteMs = 60_000
const firstMs = Date.parse('0001-01-01T00:00:00.000Z')
const lastMs = Date.parse('9999-12-31T23:59:59.999Z')

/**
 * Reads `yyyy-MM-ddTHH:mm[:ss[.fffffff]]` with `Z` or an offset; digits after the seventh are cut. Undefined when the text
 * has another form, no offset, a day or time that does not exist, or lies outside the years 1 to 9999 in UTC.
 */
export function parseDateTimeOffset(text: string): DateTimeOffset | undefined {
  const parts = form.exec(text)
  if (!parts) return undefined
  const [, year, month, day, hour, minute, second = '0', fraction = '', , sign] = parts
  const offsetMinutes = sign
    ? Number(`${sign}1`) * (Number(parts[10]) * 60 + Number(parts[11] ?? '0'))
    : 0
  if (Math.abs(offsetMinutes) > maxOffsetMinutes || Number(parts[11] ?? '0') > 59) return undefined
  const wallClock = existingMoment(
    Number(year),
    Number(month),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  )
  if (wallClock === undefined) return undefined
  const utc = wallClock - offsetMinutes * minuteMs
  if (utc < firstMs || utc > lastMs) return undefined
  const ticks = fraction.slice(0, 7).padEnd(7, '0')
  return {
    instant: `${new Date(utc).toISOString().slice(0, 19)}.${ticks}Z`,
    // `-00:00` must not become the number -0.
    offsetMinutes: offsetMinutes === 0 ? 0 : offsetMinutes,
  }
}

/** Milliseconds of a wall-clock time read as UTC; undefined for one that does not exist, such as 30 February. */
function existingMoment(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number | undefined {
  if (year < 1 || hour > 23 || minute > 59 || second > 59) return undefined
  const date = new Date(0)
  // The Date constructor and Date.UTC read the years 0 to 99 as 1900 to 1999; the setter does not.
  date.setUTCFullYear(year, month - 1, day)
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined
  return date.setUTCHours(hour, minute, second, 0)
}

/** `2016-12-31T23:57:57.2481234-08:00`: a zero fraction is dropped, any other has seven digits (graph 7.5). */
export function formatDateTimeOffset({ instant, offsetMinutes }: DateTimeOffset): string {
  const fraction = instant.slice(20, 27)
  const shownFraction = fraction === '0000000' ? '' : `.${fraction}`
  if (offsetMinutes === 0) return `${instant.slice(0, 19)}${shownFraction}Z`
  const wallClock = new Date(millisecondsAt(instant) + offsetMinutes * minuteMs)
  const sign = offsetMinutes < 0 ? '-' : '+'
  const size = Math.abs(offsetMinutes)
  const offset = `${sign}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`
  return `${isoSeconds(wallClock)}${shownFraction}${offset}`
}

/** Milliseconds since 1970 of an instant; what lies below a millisecond is cut. */
export function millisecondsAt(instant: Instant): number {
  return Date.parse(`${instant.slice(0, 23)}Z`)
}

/** The instant of a JavaScript date. */
export function instantOf(date: Date): Instant {
  return `${isoSeconds(date)}.${String(date.getUTCMilliseconds()).padStart(3, '0')}0000Z`
}

/** A time made by the service: UTC, shown with `Z` (graph D6). */
export function utc(instant: Instant): DateTimeOffset {
  return { instant, offsetMinutes: 0 }
}

/** The instant some milliseconds later (or earlier), held inside the years 1 to 9999. */
export function instantPlus(instant: Instant, ms: number): Instant {
  const moved = Math.min(Math.max(millisecondsAt(instant) + ms, firstMs), lastMs)
  return `${instantOf(new Date(moved)).slice(0, 23)}${instant.slice(23)}`
}

function isoSeconds(date: Date): string {
  const year = String(date.getUTCFullYear()).padStart(4, '0')
  return `${year}-${twoDigits(date.getUTCMonth() + 1)}-${twoDigits(date.getUTCDate())}T${twoDigits(date.getUTCHours())}:${twoDigits(date.getUTCMinutes())}:${twoDigits(date.getUTCSeconds())}`
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}

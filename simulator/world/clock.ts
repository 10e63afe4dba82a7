/** What the simulator knows of real time. Tests pass their own, so nothing in here ever waits for them. */
export interface RealTime {
  now(): number
  sleep(ms: number): Promise<void>
  /** Rings once after so long, unless it is cancelled; left out: after so much of the machine's own time. */
  alarm?(afterMs: number, ring: () => void): () => void
}

const longestAlarmMs = 60 * 60 * 1000

/** An alarm that rings too early does no harm: whoever set it looks at the clock and sets it again. */
export function machineAlarm(afterMs: number, ring: () => void): () => void {
  const timer = setTimeout(ring, Math.min(afterMs, longestAlarmMs)).unref()
  return () => clearTimeout(timer)
}

export const realTime: RealTime = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}

export type ClockMode = 'frozen' | 'running'

/** A world's own time: it stands still, or moves on with real time from the moment it was set. */
export interface VirtualClock {
  mode: ClockMode
  virtualMs: number
  realMs: number
}

export function startClock(mode: ClockMode, virtualMs: number, realNowMs: number): VirtualClock {
  return { mode, virtualMs, realMs: realNowMs }
}

export function virtualNow(clock: VirtualClock, realNowMs: number): number {
  return clock.mode === 'frozen' ? clock.virtualMs : clock.virtualMs + (realNowMs - clock.realMs)
}

/** No world gets beyond: dates of tokens still have to fit into Apple's four digits of a year. */
export const latestMs = Date.parse('9000-01-01T00:00:00Z')

const instantForm = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d))?$/

/**
 * ISO 8601 as people and Apple write it, a day alone too (its midnight in UTC); undefined for anything else, days that
 * no calendar has included.
 */
export function parseInstant(text: string): number | undefined {
  const [, year, month, day, time, offset] = instantForm.exec(text) ?? []
  const monthsEnd = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate()
  if (year === undefined || Number(day) > monthsEnd) return undefined
  const zone = offset?.replace(/(\d\d):?(\d\d)$/, '$1:$2')
  const ms = Date.parse(`${year}-${month}-${day}${time === undefined ? '' : `T${time}${zone}`}`)
  return Number.isNaN(ms) || ms > latestMs ? undefined : ms
}

/** ISO 8601 in UTC with an offset that has no colon, as all Apple's answers carry it (Apple contract 1.1). */
export function appleDateTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}+0000`
}

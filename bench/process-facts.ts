/** What another process has used, as Linux tells it under /proc; elsewhere these figures are absent (NaN). */
import { readFileSync } from 'node:fs'

/** Linux counts processor time in ticks of this many a second on every platform that Node runs on. */
const ticksPerSecond = 100

/** Resident now, and the most it has ever been, in MiB. */
export function memoryOf(pid: number): { readonly now: number; readonly peak: number } {
  const status = textOf(`/proc/${pid}/status`)
  const mib = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? Number.NaN) / 1_024
  return { now: mib('VmRSS'), peak: mib('VmHWM') }
}

/** Processor time of all its threads so far, in microseconds: what noise of the machine hardly touches. */
export function processorTimeOf(pid: number): number {
  // The name in parentheses may hold blanks; user and system time are the 12th and 13th field behind it.
  const fields = textOf(`/proc/${pid}/stat`).split(') ')[1]?.split(' ') ?? []
  return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1_000_000
}

export interface MainThread {
  readonly runningUs: number
  /** Ready, and waiting for a core that others had. The rest of its life it slept. */
  readonly queuedUs: number
}

export function mainThreadOf(pid: number): MainThread {
  const [running, queued] = textOf(`/proc/${pid}/schedstat`).split(' ').map(Number)
  return { runningUs: (running ?? Number.NaN) / 1_000, queuedUs: (queued ?? Number.NaN) / 1_000 }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

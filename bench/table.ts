/** What was measured, as lines for people. Every goal is printed with whether it was reached; nothing is judged by an exit code. */
import type { Placing } from './contest.ts'
import { shown } from './figures.ts'

const nameWidth = 40
const columns = ['requests/s', 'p50 ms', 'p99 ms', 'CPU µs', 'ratio', 'goal']

export function printHead(): void {
  console.log(`${' '.repeat(nameWidth)}${columns.map((name) => name.padStart(11)).join('')}`)
}

/** `goals`: by the name of the contestant, the ratio to the first one that it is to reach. */
export function printContest(
  name: string,
  placings: readonly Placing[],
  goals: Readonly<Record<string, number>> = {},
): void {
  console.log(name)
  for (const placing of placings) {
    const goal = goals[placing.name]
    const { perSecond, p50Ms, p99Ms, processorUs, ratioOfRate } = placing
    const figures = [perSecond, p50Ms, p99Ms, processorUs, ratioOfRate].map(shown)
    const verdict = goal === undefined ? '' : ` ${ratioOfRate >= goal ? 'reached' : 'missed'}`
    const cells = [...figures, goal === undefined ? '' : shown(goal)]
    console.log(`  ${placing.name.padEnd(nameWidth - 2)}${cells.map(cell).join('')}${verdict}`)
    if (placing.loadBusy > 0.95)
      console.log('    (the load was at its own limit: the server could have done more)')
  }
}

/** A figure that shall stay below its goal. */
export function printBelow(name: string, unit: string, figure: number, goal: number): void {
  const verdict = figure <= goal ? 'reached' : 'missed'
  const line = `${shown(figure).padStart(11)} ${unit.padEnd(4)} goal ${shown(goal)} ${verdict}`
  console.log(`${name.padEnd(nameWidth)}${line}`)
}

function cell(text: string): string {
  return text.padStart(11)
}

/** The same work for several servers, in turn and in rounds: what disturbs the machine for a while disturbs all of them. */
import { type Connection, openConnection } from './connection.ts'
import { median } from './figures.ts'
import { applyLoad, type Measured } from './load.ts'
import { processorTimeOf } from './process-facts.ts'

export interface Server {
  readonly pid: number
  readonly origin: string
  /** PEM certificate to trust, for https. */
  readonly ca?: string
}

export interface Contestant {
  readonly name: string
  readonly server: Server
  readonly request: () => string
}

export interface Work {
  readonly name: string
  readonly connections: number
  readonly status: number
  /** The first one is what the others are compared with. */
  readonly contestants: readonly Contestant[]
  /** Requests of one round at most; absent = as many as its time allows. */
  readonly most?: number
}

export interface Extent {
  readonly rounds: number
  readonly roundMs: number
}

/** Medians over the rounds. */
export interface Placing extends Measured {
  readonly name: string
  /** Processor time of the server's process for one answer. */
  readonly processorUs: number
  /** Median of each round's own ratio. */
  readonly ratioOfRate: number
  readonly ratioOfTime: number
}

interface Round extends Measured {
  readonly processorUs: number
}

export async function hold(work: Work, { rounds, roundMs }: Extent): Promise<readonly Placing[]> {
  const teams = await Promise.all(work.contestants.map((each) => prepare(each, work)))
  const results: Round[][] = work.contestants.map(() => [])
  // Before the first round that counts, code is compiled and caches are filled.
  for (const team of teams) await team.run(roundMs)
  for (let round = 0; round < rounds; round += 1)
    for (const [place, team] of teams.entries()) results[place]?.push(await team.run(roundMs))
  for (const team of teams) team.leave()
  return work.contestants.map(({ name }, place) =>
    placing(name, results[place] ?? [], results[0] ?? []),
  )
}

async function prepare({ server, request }: Contestant, work: Work) {
  const connections: readonly Connection[] = await Promise.all(
    Array.from({ length: work.connections }, () => openConnection(server.origin, server.ca)),
  )
  const limit = work.most === undefined ? {} : { most: work.most }
  return {
    async run(durationMs: number): Promise<Round> {
      const before = processorTimeOf(server.pid)
      const { status } = work
      const measured = await applyLoad({ connections, request, status, durationMs, ...limit })
      const usedUs = processorTimeOf(server.pid) - before
      return { ...measured, processorUs: usedUs / measured.answers }
    },
    leave() {
      for (const connection of connections) connection.close()
    },
  }
}

function placing(name: string, rounds: readonly Round[], base: readonly Round[]): Placing {
  const over = (figure: keyof Round) => median(rounds.map((round) => round[figure]))
  const ratio = (figure: 'perSecond' | 'p50Ms') =>
    median(rounds.map((round, at) => round[figure] / (base[at]?.[figure] ?? Number.NaN)))
  return {
    name,
    answers: over('answers'),
    perSecond: over('perSecond'),
    p50Ms: over('p50Ms'),
    p99Ms: over('p99Ms'),
    loadBusy: over('loadBusy'),
    processorUs: over('processorUs'),
    ratioOfRate: ratio('perSecond'),
    ratioOfTime: ratio('p50Ms'),
  }
}

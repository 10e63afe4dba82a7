/** How the time of one page and of one create grows with the number of tokens: it should not. */
import { serve, signIn } from './built-service.ts'
import { type Extent, hold } from './contest.ts'
import { shown } from './figures.ts'
import { fill } from './fill.ts'
import { type Caller, growthWorks, type Sized } from './growth-works.ts'
import { makePlace } from './place.ts'

export interface GrowthOptions {
  readonly extent: Extent
  readonly prefix: readonly string[]
  /** Absent = SQLite. */
  readonly serverUrl?: string | undefined
  readonly sizes: readonly number[]
}

export async function grow(options: GrowthOptions): Promise<void> {
  await growIn(options, { tenants: 1, top: 100 })
  // Dealt out to a thousand tenants, a thousand tokens are one for each: only pages of one row compare.
  await growIn(options, { tenants: 1_000, top: 1 })
}

/** The sizes stand side by side, each with a service of its own, so that they are measured in the same minutes. */
async function growIn(
  options: GrowthOptions,
  { tenants, top }: { readonly tenants: number; readonly top: number },
): Promise<void> {
  const { extent, prefix, serverUrl, sizes } = options
  const stops: (() => Promise<void>)[] = []
  try {
    const filled = []
    for (const tokens of sizes) {
      const place = await makePlace(serverUrl)
      stops.push(place.remove)
      filled.push({ tokens, place, tenants: await fill(place, { tenants, tokens }) })
    }
    const all: Sized[] = []
    for (const { tokens, place, tenants: owners } of filled) {
      const service = await serve({ place, prefix })
      stops.push(service.stop)
      const callers: Caller[] = []
      for (const tenant of owners) callers.push({ tenant, endpoint: await signIn(service, tenant) })
      all.push({ tokens, service, callers })
    }
    printGrowthHead(tenants, sizes)
    for (const work of await growthWorks(all, top)) printRow(work.name, await hold(work, extent))
  } finally {
    for (const stop of stops.reverse()) await stop()
  }
}

function printGrowthHead(tenants: number, sizes: readonly number[]): void {
  const where = tenants === 1 ? 'one tenant' : `${tenants.toLocaleString('en-US')} tenants`
  const columns = sizes.flatMap((size) => [`${shown(size)}`, 'ratio'])
  console.log(`\ntokens in ${where}; p50 in ms, and its ratio to the smallest`)
  console.log(`${' '.repeat(nameWidth)}${columns.map(cell).join('')}`)
}

function printRow(
  name: string,
  placings: readonly { readonly p50Ms: number; readonly ratioOfTime: number }[],
): void {
  const figures = placings.flatMap(({ p50Ms, ratioOfTime }) => [shown(p50Ms), shown(ratioOfTime)])
  console.log(`${name.padEnd(nameWidth)}${figures.map(cell).join('')}`)
}

const nameWidth = 36
const cell = (text: string) => text.padStart(9)

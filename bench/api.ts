/**
 * How fast the built service answers, beside the floor of its machine, as a table with the goals. Judges nothing by its exit code:
 * the numbers are for people. docs/performance.md tells what is measured and how to read it.
 */
import { spawnSync } from 'node:child_process'
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { requireBuilt } from './built-service.ts'
import { compare, workNames } from './comparison.ts'
import { measuredPrefix, takeLoadCore } from './cores.ts'
import { grow } from './growth.ts'
import { durabilityOf } from './place.ts'

const help = `Usage: npm run bench:api -- [OPTION…]
  --quick           fewer and shorter rounds: a first look, nothing to write down
  --postgres        on PostgreSQL: the server in POMONA_TEST_POSTGRES_URL, or a throwaway one
  --growth          one page and one create with 1, 10 and 100 thousand tokens instead of the table
  --only NAME       one work alone, may be repeated: ${workNames.join(', ')}
  --rounds N        rounds that count, each of every contestant
  --seconds N       length of one round
  --profile DIR     write a CPU profile of the service there (read it with node bench/profile.ts FILE)`

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    postgres: { type: 'boolean', default: false },
    growth: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    profile: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(help)
  process.exit(0)
}
requireBuilt()
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130))
const unknown = values.only.filter((name) => !workNames.some((known) => known === name))
if (unknown.length > 0) {
  console.error(`There is no work called ${unknown.join(', ')}. Known: ${workNames.join(', ')}.`)
  process.exit(2)
}

const serverUrl = values.postgres ? process.env.POMONA_TEST_POSTGRES_URL : undefined
if (values.postgres && serverUrl === undefined) againBesideServer()

const extent = {
  rounds: Number(values.rounds ?? (values.quick ? 3 : 7)),
  roundMs: Number(values.seconds ?? (values.quick ? 1 : 3)) * 1_000,
}
const cores = takeLoadCore()
const database = serverUrl === undefined ? 'SQLite' : await durabilityOf(serverUrl)
console.log(
  `Node ${process.versions.node}, ${cpus()[0]?.model ?? 'unknown processor'}, ${database}`,
)
console.log(`${cores.description}; ${extent.rounds} rounds of ${extent.roundMs / 1_000} s, medians`)
console.log(
  `load average of the machine before: ${loadavg()
    .map((one) => one.toFixed(2))
    .join(' ')}\n`,
)

if (values.growth) {
  const sizes = values.quick ? [1_000, 10_000] : [1_000, 10_000, 100_000]
  await grow({ extent, prefix: cores.prefix, serverUrl, sizes })
} else
  await compare({
    extent,
    starts: values.quick ? 3 : 9,
    prefix: cores.prefix,
    serverUrl,
    only: values.only,
    nodeOptions:
      values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`],
  })

/** The same command beside a PostgreSQL server of its own, on the core of what is measured. */
function againBesideServer(): never {
  const [command = '', ...options] = [
    ...measuredPrefix(),
    ...['tools/with-postgres.sh', process.execPath, ...process.argv.slice(1)],
  ]
  const { status } = spawnSync(command, options, { stdio: 'inherit' })
  process.exit(status ?? 1)
}

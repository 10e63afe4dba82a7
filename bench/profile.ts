/**
 * What a CPU profile says, as text: where the time went, by file and by function, without what only waited.
 *
 *     node bench/profile.ts FILE.cpuprofile [LINES]
 */
import { readFileSync } from 'node:fs'

interface ProfileNode {
  readonly id: number
  readonly callFrame: {
    readonly functionName: string
    readonly url: string
    readonly lineNumber: number
  }
  readonly children?: readonly number[]
}
interface Profile {
  readonly nodes: readonly ProfileNode[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

const [file = '', lines = '40'] = process.argv.slice(2)
const profile = JSON.parse(readFileSync(file, 'utf8')) as Profile
const waiting = new Set(['(idle)', '(root)', '(program)'])

const selfUs = new Map<number, number>()
for (const [at, id] of profile.samples.entries())
  selfUs.set(id, (selfUs.get(id) ?? 0) + (profile.timeDeltas[at] ?? 0))
const busy = profile.nodes.filter(({ callFrame }) => !waiting.has(callFrame.functionName))
const totalUs = busy.reduce((sum, { id }) => sum + (selfUs.get(id) ?? 0), 0)

print('by file, self time', busy, ({ callFrame }) => place(callFrame.url))
print('by function, self time', busy, ({ callFrame }) => {
  const { functionName, url, lineNumber } = callFrame
  return `${functionName || '(anonymous)'}  ${place(url)}:${lineNumber + 1}`
})
printTotals()

function print(
  title: string,
  nodes: readonly ProfileNode[],
  nameOf: (node: ProfileNode) => string,
): void {
  const byName = new Map<string, number>()
  for (const node of nodes) {
    const name = nameOf(node)
    byName.set(name, (byName.get(name) ?? 0) + (selfUs.get(node.id) ?? 0))
  }
  printShares(title, byName)
}

/** With everything that a function called; one that calls itself counts once. */
function printTotals(): void {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]))
  const byName = new Map<string, number>()
  const walk = (node: ProfileNode, above: ReadonlySet<string>): number => {
    const { functionName, url } = node.callFrame
    const name = `${functionName || '(anonymous)'}  ${place(url)}`
    const inside = new Set(above).add(name)
    const children = (node.children ?? [])
      .map((id) => nodes.get(id))
      .filter((each) => each !== undefined)
    const us = children.reduce((sum, each) => sum + walk(each, inside), selfUs.get(node.id) ?? 0)
    if (!above.has(name) && url !== '') byName.set(name, (byName.get(name) ?? 0) + us)
    return us
  }
  const [root] = profile.nodes
  if (root) walk(root, new Set())
  printShares('by function, with what it called', byName)
}

function printShares(title: string, byName: ReadonlyMap<string, number>): void {
  console.log(`\n${title}`)
  const largest = [...byName].sort(([, left], [, right]) => right - left).slice(0, Number(lines))
  for (const [name, us] of largest)
    console.log(`${((us / totalUs) * 100).toFixed(1).padStart(6)} %  ${name}`)
}

/** The end of the path tells enough. */
function place(url: string): string {
  return url.replace(/^.*\/(node_modules|dist)\//, '').replace(/^file:\/\//, '') || '(native)'
}

/** Puts the table of commands into the page that people read, as commander's program has them. */
import { leavesOf, specialCodes, wordsOf } from './exit-codes.ts'
import { wholeProgram } from './program.ts'

const [start, end] = ['<!-- commands: generated -->', '<!-- commands: end -->']

/** The page with its table made anew. Throws when a mark is missing: then the page would go stale unseen. */
export async function withCommandsTable(page: string): Promise<string> {
  const [from, to] = [page.indexOf(start), page.indexOf(end)]
  if (from < 0 || to < from) throw new Error('The page has no place for the commands.')
  const table = (await commandRows()).join('\n')
  return `${page.slice(0, from + start.length)}\n\n${table}\n\n${page.slice(to)}`
}

async function commandRows(): Promise<readonly string[]> {
  const leaves = leavesOf(await wholeProgram())
  return [
    '| command | what it does | exit codes of its own |',
    '|---|---|---|',
    ...leaves.map((leaf) => {
      const named = leaf.registeredArguments.map(
        (each) => ` ${each.name()}${each.variadic ? '…' : ''}`,
      )
      return `| \`pomona ${wordsOf(leaf)}${named.join('')}\` | ${leaf.description()} | ${specialCodes(wordsOf(leaf))} |`
    }),
  ]
}

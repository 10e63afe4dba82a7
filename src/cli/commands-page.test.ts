import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { withCommandsTable } from './commands-page.ts'
import { leavesOf, namedExitCodes, wordsOf } from './exit-codes.ts'
import { wholeProgram } from './program.ts'

test('docs/operations.md shows the commands as they are (if not: npx node tools/settings-docs.js)', async () => {
  const page = readFileSync('docs/operations.md', 'utf8')
  expect(page).toBe(await withCommandsTable(page))
})

test('a page without a place for the commands is refused', async () => {
  await expect(withCommandsTable('# Operating Pomona')).rejects.toThrow(
    'The page has no place for the commands.',
  )
})

test('exit codes are told of commands that there are', async () => {
  const known = leavesOf(await wholeProgram()).map(wordsOf)
  expect(namedExitCodes.filter((words) => !known.includes(words))).toEqual([])
})

test('every command that answers rows or an object can do so in each form', async () => {
  const others = ['serve', 'worker']
  const formless = leavesOf(await wholeProgram()).filter(
    (leaf) =>
      !others.includes(wordsOf(leaf)) &&
      leaf.options.find(({ long }) => long === '--output')?.argChoices?.join() !==
        'table,json,yaml,csv',
  )
  expect(formless.map(wordsOf)).toEqual([])
})

test('every command that can lose something asks for --yes and can run dry', async () => {
  const losing = ['token remove', 'token claim', 'token release', 'tenant suspend', 'tenant remove']
  const leaves = leavesOf(await wholeProgram())
  for (const words of [...losing, 'client remove', 'key rotate']) {
    const flags = leaves.find((leaf) => wordsOf(leaf) === words)?.options.map(({ long }) => long)
    expect(flags).toEqual(expect.arrayContaining(['--yes', '--dry-run']))
  }
})

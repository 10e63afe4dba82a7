import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

/** Keeps 20 MB alive and replaces them all the time, in turns of the event loop as requests would. */
const load = `
import { setImmediate as nextTurn } from 'node:timers/promises'
import { getHeapSpaceStatistics } from 'node:v8'
const kept = []
let most = 0
for (let turn = 0; turn < 120; turn += 1) {
  for (let at = 0; at < 5_000; at += 1) kept[(turn * 5_000 + at) % 100_000] = { at, text: 'a' + at, list: [at, turn] }
  const young = getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')
  most = Math.max(most, young.space_size)
  await nextTurn()
}
console.log(most / 1_048_576)`

/** MiB, at its largest. */
async function youngGeneration(before: string): Promise<number> {
  const options = ['--input-type=module', '--eval', `${before}\n${load}`]
  const { stdout } = await promisify(execFile)(process.execPath, options)
  return Number(stdout)
}

it('the young generation stays near its bound, which it would leave far behind', async () => {
  const file = fileURLToPath(new URL('./young-generation.ts', import.meta.url))
  const bound = `import { boundYoungGeneration } from ${JSON.stringify(file)}\nboundYoungGeneration()`
  expect(await youngGeneration('')).toBeGreaterThanOrEqual(64)
  expect(await youngGeneration(bound)).toBeLessThanOrEqual(32)
})

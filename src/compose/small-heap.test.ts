import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

/** Keeps 40 MB alive and replaces them all the time, in turns of the event loop as requests would. */
const load = `
import { setImmediate as nextTurn } from 'node:timers/promises'
import { getHeapSpaceStatistics } from 'node:v8'
const kept = []
let most = 0
for (let turn = 0; turn < 160; turn += 1) {
  for (let at = 0; at < 5_000; at += 1) kept[(turn * 5_000 + at) % 200_000] = { at, text: 'a' + at, list: [at, turn] }
  const young = getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')
  most = Math.max(most, young.space_size)
  await nextTurn()
}
console.log(most / 1_048_576)`

it('the young generation stays near its bound, of which this load would make four times as much', async () => {
  const file = fileURLToPath(new URL('./small-heap.ts', import.meta.url))
  const bound = `import { keepHeapSmall } from ${JSON.stringify(file)}\nkeepHeapSmall()`
  const options = ['--input-type=module', '--eval', `${bound}\n${load}`]
  const { stdout } = await promisify(execFile)(process.execPath, options)
  expect(Number(stdout)).toBeLessThanOrEqual(32)
})

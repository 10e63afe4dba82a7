import { expect, test } from 'vitest'
import { progress } from './progress.ts'

function shown(isTTY: boolean, end: string | undefined) {
  const written: string[] = []
  const said: string[] = []
  const out = { isTTY, write: (text: string | Uint8Array) => written.push(String(text)) > 0 }
  const bar = progress('assign', out, (text) => said.push(text))
  bar.show(0, 0)
  bar.show(6, 12)
  bar.end(end)
  return { written, said }
}

test('on a terminal it is a bar on one line, which is empty at the end', () => {
  expect(shown(true, 'done')).toEqual({
    said: [],
    written: [
      `\r\u001b[Kassign [${'.'.repeat(24)}] 0/0`,
      `\r\u001b[Kassign [${'#'.repeat(12)}${'.'.repeat(12)}] 6/12`,
      '\r\u001b[K',
    ],
  })
})

test('elsewhere it is a line when it begins and one when it ends', () => {
  expect(shown(false, 'done, 12 of 12.')).toEqual({
    written: [],
    said: ['assign: under way.', 'assign: done, 12 of 12.'],
  })
  expect(shown(false, undefined).said).toEqual(['assign: under way.'])
})

import { expect, test } from 'vitest'
import { serialNumbersIn } from './serial-numbers.ts'

test.each([
  ['A1\nB2\r\n\n  C3  \n', ['A1', 'B2', 'C3']],
  ['\uFEFFSerial Number,Name\n"A1",Depot\nB2;x\nC3\ty', ['A1', 'B2', 'C3']],
  ['# all of ours\nA1\nA1', ['A1']],
  // Only the head is left out: a device that is left out would be taken for one that nobody knows.
  ['A1\nSERIAL9\nserial', ['A1', 'SERIAL9', 'serial']],
  ['', []],
])('the serial numbers in %j', (text, found) => {
  expect(serialNumbersIn(text)).toEqual(found)
})

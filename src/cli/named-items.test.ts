import { expect, test } from 'vitest'
import { adamIdsIn, oneSerialNumber, serialNumbersNamed } from './named-items.ts'

test.each([
  [
    ['A', 'B'],
    ['A', 'B'],
  ],
  [
    ['A,B', 'C'],
    ['A', 'B', 'C'],
  ],
  [['A, B,,A '], ['A', 'B']],
])('%j are the devices %j', (texts, devices) => {
  expect(serialNumbersNamed(texts)).toEqual(devices)
})

test.each(['A B', 'A_1', 'Ä1', '\u0007'])('%j can be no device', (text) => {
  expect(() => serialNumbersNamed(['A-1', text])).toThrow('in --device cannot be a serial number')
})

test('an app is named by its number at Apple', () => {
  expect(adamIdsIn(['361309726,9000000001'])).toEqual(['361309726', '9000000001'])
  expect(() => adamIdsIn(['abc'])).toThrow(
    "'abc' is not the number of an app or book (--app). Give its number at Apple, such as 361309726;",
  )
})

test.each(['A,B', ',', ''])('%j is not one device', (text) => {
  expect(() => oneSerialNumber(text)).toThrow('This command takes one device')
})

test('one device is taken as it is', () => {
  expect(oneSerialNumber(' POMSER1 ')).toBe('POMSER1')
})

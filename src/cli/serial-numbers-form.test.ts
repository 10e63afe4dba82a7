import { expect, test } from 'vitest'
import { requireSerialNumbers, requireText } from './serial-numbers-form.ts'

test('letters, digits and hyphens are taken as they are', () => {
  const taken = ['C02XG0FDH7JY', 'f9fxh0', 'A-1']
  expect(requireSerialNumbers(taken, '--device', 'device')).toBe(taken)
})

test.each([
  ['two words', "'two words' in the file 'a' cannot be a serial number"],
  ['a@b', "'a@b' in"],
  ['\u001b[2J', "' [2J' in"],
  ['_'.repeat(41), `'${'_'.repeat(40)}…' in`],
])('%j can be no serial number', (text, why) => {
  expect(() => requireSerialNumbers(['A1', text], "the file 'a'", 'devices')).toThrow(why)
})

test.each([
  ['\uFEFFSerial,Näme\r\n"A1",Ä\t\n\f', true],
  ['PK\u0003\u0004', false],
  ['A\u0000B\u0000', false],
  ['A1\u007f', false],
])('%j is text: %s', (text, isText) => {
  const read = () => requireText(text, 'The file')
  if (isText) expect(read()).toBe(text)
  else expect(read).toThrow('Save the list as plain text in UTF-8')
})

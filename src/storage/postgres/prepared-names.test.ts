import { expect, test } from 'vitest'
import { preparedNames } from './prepared-names.ts'

test('a text has one name, no two texts have the same, and a connection with many is full', () => {
  const names = preparedNames(3)
  const first = names.nameOf('select 1')
  expect(names.nameOf('select 2')).not.toBe(first)
  expect(names.nameOf('select 1')).toBe(first)
  expect(names.isFull()).toBe(false)
  names.nameOf('select 3')
  expect(names.isFull()).toBe(true)
})

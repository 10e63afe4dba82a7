import { expect, test } from 'vitest'
import { parseInstant } from './clock.ts'

test.each([
  ['2027-03-01T08:00:00Z', '2027-03-01T08:00:00.000Z'],
  ['2027-03-01T08:00Z', '2027-03-01T08:00:00.000Z'],
  ['2027-03-01T01:00:00.250-0700', '2027-03-01T08:00:00.250Z'],
  ['2028-02-29T00:00:00+01:00', '2028-02-28T23:00:00.000Z'],
  ['2027-03-01', '2027-03-01T00:00:00.000Z'],
])('%s is an instant', (text, instant) => {
  expect(new Date(parseInstant(text) ?? Number.NaN).toISOString()).toBe(instant)
})

test.each([
  'foo 1',
  '2027',
  'now',
  '',
  '2027-02-29T00:00:00Z',
  '2027-13-01',
  '2027-03-00',
  '2027-03-01T25:00:00Z',
  '2027-03-01T08:00:00',
  '2027-03-01 08:00:00Z',
  '+010000-01-01T00:00:00Z',
  '9000-01-01T00:00:01Z',
])('"%s" is none', (text) => {
  expect(parseInstant(text)).toBe(undefined)
})

/** Few values of each kind, with the difficult ones among them, so that generated rows and generated filters meet. */
import fc from 'fast-check'
import type { DateTimeOffset } from '../../src/model/date-time-offset.ts'
import { parseDateTimeOffset } from '../../src/model/date-time-offset.ts'
import type { EntityType, Property, Shape } from '../../src/model/entity-type.ts'

export const texts = [
  '',
  'a',
  'A',
  'ab',
  'aB',
  'b',
  ' a',
  "O'Brien",
  "''",
  '%',
  '_',
  '\\',
  'a%b_c\\d',
  'ä',
  'Ä',
  'a\u0308',
  'İ',
  'é',
  '\uff21',
  '😀',
  'a\nb',
  'true',
  '10',
  '9',
  'valid',
] as const

/** Beside each other: the same instant in other offsets, and instants that differ in the last digit. */
export const dates = [
  '0001-01-01T00:00:00Z',
  '2026-12-01T09:00:00Z',
  '2026-12-01T10:00:00+01:00',
  '2026-12-01T01:00:00-08:00',
  '2026-12-01T09:00:00.0000001Z',
  '2026-12-01T09:00:00.1Z',
  '2026-11-30T23:59:59.9999999-14:00',
  '9999-12-31T23:59:59.9999999Z',
] as const

export const counts = [0, 1, 2, 9, 10, 100, 2_147_483_646, 2_147_483_647] as const
export const largeCounts = [...counts, 2_147_483_648, Number.MAX_SAFE_INTEGER] as const

/** GUIDs whose order is that of the numbers. */
export function guid(number: number): string {
  return `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`
}

/** A record of the type: every property but the secret ones and those that come from somewhere else. */
export function anyRecord(type: EntityType): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const own = Object.entries(type.properties).filter(([, { secret, source }]) => !secret && !source)
  return fc.record(Object.fromEntries(own.map(([name, property]) => [name, anyValue(property)])))
}

function anyValue({ shape, nullable, initial }: Property): fc.Arbitrary<unknown> {
  const value = valueOfShape(shape, initial)
  return nullable ? fc.option(value, { freq: 4 }) : value
}

function valueOfShape(shape: Shape, initial: unknown): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case 'text':
      return fc.constantFrom(...texts)
    case 'guid':
      return fc.nat(20).map(guid)
    case 'flag':
      return fc.boolean()
    case 'int32':
      return fc.constantFrom(...counts)
    case 'int64':
      return fc.constantFrom(...largeCounts)
    case 'dateTimeOffset':
      return fc.constantFrom(...dates).map(dateOf)
    case 'member':
      return fc.constantFrom(...Object.keys(shape.of.members))
    default:
      // No list is filtered or ordered by these.
      return fc.constant(initial)
  }
}

function dateOf(text: string): DateTimeOffset {
  const date = parseDateTimeOffset(text)
  if (!date) throw new Error(`${text} is no date.`)
  return date
}

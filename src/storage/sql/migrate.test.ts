import { describe, expect, test } from 'vitest'
import { checksumOf, knownMigrations, type Migration, missingMigrations } from './migrate.ts'

const step = (number: number, sql = `create table t${number}`): Migration => ({
  number,
  name: `000${number}-step`,
  sql,
})
const applied = (migration: Migration) => ({ ...migration, checksum: checksumOf(migration) })
const known = [step(1), step(2), step(3)]

describe('migrations', () => {
  test.each([
    ['a fresh database', [], [1, 2, 3]],
    ['an older one', [1], [2, 3]],
    ['one up to date', [1, 2, 3], []],
  ])('%s gets what it lacks, in order', (_, done, missing) => {
    const past = known.filter(({ number }) => done.includes(number)).map(applied)
    expect(missingMigrations(known, past).map(({ number }) => number)).toEqual(missing)
  })

  test('a database that is newer than the program is refused by the name of the step', () => {
    const past = [...known, step(4)].map(applied)
    expect(() => missingMigrations(known, past)).toThrow('"0004-step", which is newer')
  })

  test('a step whose text has changed since it was applied is refused by its name', () => {
    const past = [step(1), step(2, 'create table other')].map(applied)
    expect(() => missingMigrations(known, past)).toThrow('"0002-step"')
  })

  test('a step that the program lost is refused by its name', () => {
    expect(() => missingMigrations([step(1), step(3)], known.map(applied))).toThrow('"0002-step"')
  })

  test('the steps of this program are numbered from 1 without a gap', async () => {
    const numbers = (await knownMigrations()).map(({ number }) => number)
    expect(numbers).toEqual(numbers.map((_, index) => index + 1))
    expect(numbers.length).toBeGreaterThan(0)
  })
})

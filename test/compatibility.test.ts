/** docs/compatibility.md says nothing that no test shows, and leaves nothing out. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { operations } from '../src/graph/operations.ts'
import { missingTest } from './test-titles.ts'

const page = readFileSync('docs/compatibility.md', 'utf8')
const words = ['same', 'differs', 'not offered', 'our own']

interface Row {
  /** The heading that it stands under. */
  readonly section: string
  readonly key: string
  readonly verdict: string
  readonly sentence: string
  readonly tests: readonly string[]
  readonly cells: readonly string[]
}

/** Every table's columns are: what · (more) · verdict · sentence · tests. */
const rows: readonly Row[] = page.split(/^## /m).flatMap((part) => {
  const section = part.slice(0, part.indexOf('\n'))
  return part
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|[\s|:-]+\|$/.test(line))
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim().replaceAll('\\|', '|')),
    )
    .filter((cells) => cells[0] !== 'What')
    .map((cells): Row => {
      const [verdict = '', sentence = '', tests = ''] = cells.slice(-3)
      return {
        section,
        key: (cells[0] ?? '').replaceAll('`', ''),
        verdict,
        sentence,
        tests: [...tests.matchAll(/`([^`]+)`/g)].map(([, one = '']) => one),
        cells,
      }
    })
})
const keysOf = (section: string) =>
  rows.filter((row) => row.section === section).map(({ key }) => key)
const numbered = (letter: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${letter}${index + 1}`)

describe('a row of docs/compatibility.md', () => {
  test('says same, differs, not offered or our own, in one sentence', () => {
    const odd = rows.filter(
      ({ verdict, sentence }) => !words.includes(verdict) || !/^[^|]+\.$/.test(sentence),
    )
    expect(odd.map(({ cells }) => cells)).toEqual([])
  })

  test('names at least one test, and each of them is there', () => {
    const wrong = rows.flatMap(({ key, tests }) =>
      tests.length === 0
        ? [`${key}: names no test`]
        : tests.map(missingTest).flatMap((why) => (why === undefined ? [] : [`${key}: ${why}`])),
    )
    expect(wrong).toEqual([])
  })
})

test.each([
  ['test/api/nothing.test.ts > a refusal', "there is no file 'test/api/nothing.test.ts'"],
  [
    'test/api/errors.test.ts > nothing of it',
    "'test/api/errors.test.ts' has no test 'nothing of it'",
  ],
  ['test/api/errors.test.ts > for nothing', "'test/api/errors.test.ts' has no test 'for nothing'"],
  ['test/api/errors.test.ts > for an unknown id', undefined],
  ['test/api/errors.test.ts > for %s', undefined],
])('%s is told apart', (named, why) => {
  expect(missingTest(named)).toBe(why)
})

describe('docs/compatibility.md', () => {
  test('has a row for every operation and for nothing else, with the shapes that it is served in', () => {
    const faces = new Map<string, string[]>()
    for (const { name, set, version } of operations) {
      const face = set?.face ?? version.replace('/v1', '')
      faces.set(name, [...(faces.get(name) ?? []), face])
    }
    const shown = rows
      .filter(({ section }) => section === 'Operations' || section === 'Beyond Graph')
      .filter(({ verdict }) => verdict !== 'not offered')
      .map(({ key, cells }) => `${key}: ${cells[1]}`)
    expect(shown.sort()).toEqual(
      [...faces].map(([name, in_]) => `${name}: ${in_.join(', ')}`).sort(),
    )
  })

  test.each([
    ['Decisions', numbered('D', 19)],
    ['Gap fillers', numbered('G', 19)],
    ['Decided later', numbered('H', 12)],
    ['States', Array.from({ length: 14 }, (_, index) => `${index + 1}`)],
  ])('has one row for each of: %s', (section, keys) => {
    expect(keysOf(section)).toEqual(keys)
  })

  test('has a row for each query option and each status', () => {
    expect(keysOf('Query options')).toEqual(
      expect.arrayContaining(
        [
          'select',
          'filter',
          'orderby',
          'top',
          'skip',
          'count',
          'skiptoken',
          'search',
          'expand',
        ].map((name) => `$${name}`),
      ),
    )
    const statuses = new Set(keysOf('Errors').map((key) => Number(key.slice(0, 3))))
    expect([...statuses].sort()).toEqual([
      ...[400, 401, 403, 404, 405, 409, 412, 413, 422, 424, 429, 500, 501, 503],
    ])
  })
})

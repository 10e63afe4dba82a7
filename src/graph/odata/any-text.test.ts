import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Failure } from '../../model/failure.ts'
import { iosVppApp, mobileApp } from '../../model/mobile-app.ts'
import { bindFilter } from './bind-filter.ts'
import { bindOrderBy } from './bind-order-by.ts'
import { bindSearch } from './bind-search.ts'
import { parseFilter, parseOrderBy } from './parse.ts'
import { parseSearch } from './parse-search.ts'
import type { QueriedRows } from './queried-rows.ts'

const rows: QueriedRows = {
  type: mobileApp,
  derived: new Map([['iosVppApp', iosVppApp]]),
  face: 'beta',
  searched: ['displayName'],
}

/** Words of the language in no order, so that most of them come close to a filter; and any text at all. */
const anyText = fc.oneof(
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          ...['eq', 'gt', 'in', 'and', 'or', 'not', '(', ')', ',', '/', "'", "''", "'x'", '"'],
          ...['displayName', 'isAssigned', 'largeIcon', 'createdDateTime', 'publishingState'],
          ...['microsoft.graph.iosVppApp', 'isof', 'contains', 'constructor', 'toString'],
          ...['5', '-1.5e3', '1e999999999', 'NaN', 'null', 'true', '2026-12-01T09:00:00Z', 'desc'],
        ),
        fc.string({ unit: 'binary', maxLength: 3 }),
      ),
      { maxLength: 12 },
    )
    .chain((words) => fc.constantFrom(' ', '').map((blank) => words.join(blank))),
  fc.string({ unit: 'binary', maxLength: 200 }),
)

describe('whatever text a caller sends', () => {
  test.each<[string, (text: string) => unknown]>([
    ['$filter', (text) => bindFilter(parseFilter(text), rows)],
    ['$orderby', (text) => bindOrderBy(parseOrderBy(text), rows)],
    ['$search', (text) => bindSearch(parseSearch(text), rows)],
  ])('%s is bound, or refused by its name and in a text that can be sent', (option, read) => {
    fc.assert(
      fc.property(anyText, (text) => {
        try {
          read(text)
        } catch (error) {
          expect(error).toBeInstanceOf(Failure)
          expect(error).toMatchObject({ code: 'badRequest', property: option })
          expect(error).toSatisfy((failure: Failure) => failure.message.isWellFormed())
        }
      }),
      { numRuns: 2_000 },
    )
  })
})

/** Query options: what looks like a filter, an order or a page token, and what does not. */
import fc from 'fast-check'
import { lineBytes, lists, request, text } from './fuzz-pieces.ts'
import type { FuzzTarget } from './fuzz-service.ts'

const property = fc.constantFrom(
  ...['id', 'state', 'displayName', 'expirationDateTime', 'vppTokenAccountType', 'token', 'nope'],
  ...['automaticallyUpdateApps', 'lastAppCount', 'roleScopeTagIds', 'tokenActionResults'],
  ...['publishingState', 'totalLicenseCount', 'largeIcon', 'licensingType', 'bundleId', '$count'],
  ...['microsoft.graph.iosVppApp/usedLicenseCount', 'graph.macOsVppApp/bundleId', 'a/b/c', '*'],
)
const literal = fc.oneof(
  text(30).map((one) => `'${one.replaceAll("'", "''")}'`),
  fc.double().map(String),
  fc.bigInt().map(String),
  fc.constantFrom(
    ...['null', 'true', 'INF', '-INF', 'NaN', '1e309', '-1e-400', '99999999999999999999999'],
    ...["'valid'", "duration'PT1H'", "microsoft.graph.vppTokenState'valid'", "guid'x'"],
    ...['2026-01-01T00:00:00Z', '0001-01-01T00:00:00+14:00', '9999-12-31T23:59:59.9999999-14:00'],
    ...['2026-02-30T00:00:00Z', '2026-01-01', '00000000-0000-4000-8000-000000000404'],
  ),
)
const word = fc.oneof(
  { weight: 3, arbitrary: property },
  { weight: 3, arbitrary: literal },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      ...['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'and', 'or', 'not', 'in', '(', ')', ',', '/', 'asc'],
      ...[
        'desc',
        'startswith(',
        'endswith(',
        'contains(',
        'isof(',
        'any(',
        'AND',
        'NOT',
        '"',
        '\\',
      ],
    ),
  },
)
/** What looks like a filter, down to whole ones. */
export const sentence = fc.oneof(
  { weight: 3, arbitrary: fc.array(word, { maxLength: 30 }).map((words) => words.join(' ')) },
  {
    weight: 3,
    arbitrary: fc
      .array(fc.tuple(property, fc.constantFrom('eq', 'ne', 'gt', 'le'), literal), {
        minLength: 1,
        maxLength: 12,
      })
      .map((all) => all.map((one) => one.join(' ')).join(' and ')),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('(', 'not ', 'not(', 'contains(', "'", ','), fc.nat(9_000), literal)
      .map(([piece, count, end]) => piece.repeat(count) + end),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(property, fc.array(literal, { maxLength: 600 }))
      .map(([name, values]) => `${name} in (${values.join(',')})`),
  },
  { weight: 1, arbitrary: text(200) },
)
const pageToken = fc
  .oneof(
    fc.json(),
    fc
      .oneof(
        text(60),
        fc.json(),
        fc.array(fc.jsonValue()).map((list) => JSON.stringify(list)),
      )
      .map((after) => JSON.stringify({ after })),
    text(60),
  )
  .map((inner) => Buffer.from(inner).toString('base64url'))
const option = fc.oneof(
  fc.tuple(fc.constantFrom('$filter', '$orderby', '$select', '$search', '$expand'), sentence),
  fc.tuple(fc.constantFrom('$skiptoken', 'skiptoken'), fc.oneof(pageToken, text(40))),
  fc.tuple(
    fc.constantFrom('$top', '$skip', '$count', 'TOP', 'skip'),
    fc.oneof(fc.double().map(String), fc.bigInt().map(String), text(9), fc.constant('true')),
  ),
  fc.tuple(text(9), text(9)),
)

export const queries = (target: FuzzTarget) =>
  fc
    .tuple(
      fc.constantFrom(...lists(target)),
      fc.array(option, { minLength: 1, maxLength: 4 }),
      lineBytes,
    )
    .map(([path, options, tail]) => {
      const pairs = options.map(([name, value]) =>
        [name, value].map((one) => encodeURIComponent(one.toWellFormed())).join('='),
      )
      return request(target, 'GET', `${path}?${pairs.join('&')}${tail.length > 50 ? tail : ''}`)
    })

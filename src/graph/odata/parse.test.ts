import { describe, expect, test } from 'vitest'
import { Failure } from '../../model/failure.ts'
import {
  maxCalls,
  maxDepth,
  maxListItems,
  maxOrderTerms,
  maxTerms,
  maxTextLength,
} from './limits.ts'
import { parseFilter, parseOrderBy } from './parse.ts'
import { parseSearch } from './parse-search.ts'
import type { FilterTree, Literal } from './tree.ts'

describe('parseFilter', () => {
  // Each filter beside its tree as an S-expression; text is shown in double quotes, other values with their kind.
  test.each([
    // Comparisons and values of every kind.
    ["state eq 'valid'", '(eq state "valid")'],
    ['x ne null', '(ne x null)'],
    ['x gt 5', '(gt x number:5)'],
    ['x ge -5', '(ge x number:-5)'],
    ['x lt 5.25', '(lt x number:5.25)'],
    ['x le 1e5', '(le x number:1e5)'],
    ['x eq 1.5E-7', '(eq x number:1.5E-7)'],
    ['x eq INF', '(eq x number:INF)'],
    ['x eq -INF', '(eq x number:-INF)'],
    ['x eq NaN', '(eq x number:NaN)'],
    ['x eq true', '(eq x boolean:true)'],
    ['x eq FALSE', '(eq x boolean:FALSE)'],
    ["x eq ''", '(eq x "")'],
    ["x eq 'O''Brien'", '(eq x "O\'Brien")'],
    ["x eq ''''", '(eq x "\'")'],
    ["x eq 'a and (b) or c'", '(eq x "a and (b) or c")'],
    ["x eq 'Äpfel 😀'", '(eq x "Äpfel 😀")'],
    [
      'id eq A0000000-0000-4000-8000-00000000000f',
      '(eq id guid:A0000000-0000-4000-8000-00000000000f)',
    ],
    [
      'id eq 12345678-0000-4000-8000-000000000001',
      '(eq id guid:12345678-0000-4000-8000-000000000001)',
    ],
    ['d eq 2026-12-31', '(eq d date:2026-12-31)'],
    ['d eq 2026-12-31T23:59:59Z', '(eq d dateTimeOffset:2026-12-31T23:59:59Z)'],
    ['d eq 2026-12-31T23:59Z', '(eq d dateTimeOffset:2026-12-31T23:59Z)'],
    ['d gt 2026-12-31t23:59:59.1234567z', '(gt d dateTimeOffset:2026-12-31t23:59:59.1234567z)'],
    ['d gt 2026-12-31T23:59:59-08:00', '(gt d dateTimeOffset:2026-12-31T23:59:59-08:00)'],
    ['d gt 2026-12-31T23:59:59+0530', '(gt d dateTimeOffset:2026-12-31T23:59:59+0530)'],
    // A plus sign that was not encoded has become a blank.
    [
      'd gt 2026-12-31T23:59:59 05:30 and x',
      '(and (gt d dateTimeOffset:2026-12-31T23:59:59+05:30) x)',
    ],
    ['d gt 2026-12-31T23:59:59', '(gt d dateTimeOffset:2026-12-31T23:59:59)'],
    ["x eq duration'P3DT4H'", '(eq x duration:P3DT4H)'],
    [
      "state eq microsoft.graph.vppTokenState'valid'",
      '(eq state microsoft.graph.vppTokenState:valid)',
    ],
    ["'valid' eq state", '(eq "valid" state)'],
    ['a eq b', '(eq a b)'],
    // Case and blanks.
    ["State EQ 'valid' AND Not X", '(and (eq State "valid") (not X))'],
    ["  \tstate   eq\n'valid'  ", '(eq state "valid")'],
    ["not(state eq'valid')and(x)", '(and (not (eq state "valid")) x)'],
    ["STARTSWITH( x , 'a' )", '(startswith x "a")'],
    // or < and < not < comparison.
    ['a or b and c', '(or a (and b c))'],
    ['a and b or c and d', '(or (and a b) (and c d))'],
    ['(a or b) and c', '(and (or a b) c)'],
    ['not a and b', '(and (not a) b)'],
    ['not (a and b)', '(not (and a b))'],
    ['not x eq 1', '(not (eq x number:1))'],
    ['not not x', '(not (not x))'],
    ["not x in ('a')", '(not (in x "a"))'],
    ['a or b or c', '(or a b c)'],
    ['a or (b or c)', '(or a (or b c))'],
    ['((((a))))', 'a'],
    ['(x) eq (5)', '(eq x number:5)'],
    // Lists.
    ["x in ('a','b' , 'c')", '(in x "a" "b" "c")'],
    ['x IN (1,null,true)', '(in x number:1 null boolean:true)'],
    ['x in ()', '(in x)'],
    // Functions.
    ["contains(x,'a') eq true", '(eq (contains x "a") boolean:true)'],
    ["endswith(x,'a') or not startswith(y,'b')", '(or (endswith x "a") (not (startswith y "b")))'],
    ["isof('microsoft.graph.iosVppApp')", '(isof "microsoft.graph.iosVppApp")'],
    ['isof(graph.iosVppApp)', '(isof graph.iosVppApp)'],
    ['now()', '(now)'],
    // Paths.
    ["microsoft.graph.iosVppApp/bundleId eq 'x'", '(eq microsoft.graph.iosVppApp/bundleId "x")'],
    ["graph.iosVppApp / bundleId eq 'x'", '(eq graph.iosVppApp/bundleId "x")'],
    ['constructor eq __proto__', '(eq constructor __proto__)'],
    ['true', 'boolean:true'],
    ["and eq 'x'", '(eq and "x")'],
  ])('reads %s', (text, expected) => {
    expect(shown(parseFilter(text))).toBe(expected)
  })

  test.each([
    ['', 'at character 1: it ends there instead of a property.'],
    ['   ', 'it ends there instead of a property.'],
    ['state eq', 'at character 9: it ends there instead of a property.'],
    ["state = 'valid'", "at character 7: '= 'valid''."],
    ["state == 'valid'", "at character 7: '== 'valid''."],
    ["state eq 'valid", 'the quote at character 10 is never closed.'],
    ["state eq 'it''s", 'the quote at character 10 is never closed.'],
    ["state eq 'it's'", 'the quote at character 15 is never closed.'],
    ["state eq 'it' s", "at character 15: 's' stands there instead of its end"],
    ['state eq "valid"', `at character 10: '"valid"'.`],
    ['(a', "at character 3: it ends there instead of ')'."],
    ['a)', "at character 2: ')' stands there instead of its end"],
    ['a b', "at character 3: 'b' stands there instead of its end"],
    ['a eq b eq c', "at character 8: 'eq c' stands there instead of its end"],
    ['a and', 'it ends there instead of a property.'],
    ['and a', "at character 5: 'a' stands there instead of its end"],
    ['x in 5', "at character 6: '5' stands there instead of '('."],
    ['x in (y)', "at character 7: 'y)' stands there instead of a value."],
    ['x in (1,)', "at character 9: ')' stands there instead of a value."],
    ["contains(x 'a')", "at character 12: ''a')' stands there instead of ')'."],
    ['x/ eq 1', "at character 7: '1' stands there"],
    ["x/any(y:y eq 'a')", 'at character 8'],
    ["x/any(y) eq 'a'", "cannot ask about the items of a collection. Leave out 'any(…)'."],
    ['x eq 5.', "at character 6: '5.'."],
    ['x eq 0x10', "at character 6: '0x10'."],
    ['x eq +5', "at character 6: '+5'."],
    ["d eq datetime'2026-12-31T23:59:59'", "values are not written as datetime'…'."],
    ['d eq 2026-12-31X', 'at character 6'],
    ['$count gt 1', "at character 1: '$count gt 1'."],
    ["x eq '\u0000' \u0000", 'at character 10'],
  ])('refuses %j', (text, hint) => {
    const failure = refusalOf(() => parseFilter(text))
    expect(failure).toMatchObject({ code: 'badRequest', property: '$filter' })
    expect(failure.message).toContain('The $filter cannot')
    expect(failure.message).toContain(hint)
  })

  test.each([
    ['text', (size: number) => `x eq '${'a'.repeat(size - 7)}'`, maxTextLength],
    ['terms', (size: number) => Array(size).fill('a').join(' or '), maxTerms],
    ['calls', (size: number) => Array(size).fill('a()').join(' or '), maxCalls],
    [
      'calls inside one another',
      (size: number) => `${'f('.repeat(size)}a${')'.repeat(size)}`,
      maxCalls,
    ],
    ['parentheses', (size: number) => `${'('.repeat(size)}a${')'.repeat(size)}`, maxDepth],
    ['negations', (size: number) => `${'not '.repeat(size)}a`, maxDepth],
    ['values', (size: number) => `x in (${Array(size).fill('1').join(',')})`, maxListItems],
  ])('takes %s up to the limit and refuses one more', (_, filter, limit) => {
    expect(() => parseFilter(filter(limit))).not.toThrow()
    const failure = refusalOf(() => parseFilter(filter(limit + 1)))
    expect(failure).toMatchObject({ code: 'badRequest', property: '$filter' })
    expect(failure.message).toMatch(new RegExp(`^The \\$filter is too .*at most ${limit}`))
  })

  test.each([
    ['Failure', '('.repeat(maxTextLength)],
    ['Failure', 'not '.repeat(maxTextLength / 4)],
    ['Failure', "'".repeat(maxTextLength - 1)],
    ['Failure', `${"''".repeat(maxTextLength / 2 - 1)}'`],
    ['literal', '1'.repeat(maxTextLength)],
    ['Failure', `${'1'.repeat(maxTextLength - 1)}x`],
    ['Failure', `2026-01-01T${':'.repeat(maxTextLength - 12)}x`],
    ['Failure', 'a/'.repeat(maxTextLength / 2)],
    ['path', 'a.'.repeat(maxTextLength / 2)],
    ['Failure', ' '.repeat(maxTextLength)],
    ['Failure', '-'.repeat(maxTextLength)],
    ['Failure', 'f('.repeat(maxTextLength / 2)],
    ['Failure', 'x in ('.repeat(1_000)],
  ])('ends with %s on a text as bad as they come (case %#)', (outcome, text) => {
    expect(outcomeOf(() => parseFilter(text).kind)).toBe(outcome)
  })

  test('never repeats more than 128 characters of what it was given', () => {
    for (const text of ['~', '(', "'", "x eq a.b'", "y'", 'x/any(', '] '])
      expect(refusalOf(() => parseFilter(`${text}${'z'.repeat(1_000)}`)).message).not.toMatch(
        /z{129}/,
      )
  })
})

describe('parseOrderBy', () => {
  test.each([
    ['id', 'id asc'],
    ['id asc', 'id asc'],
    ['id DESC', 'id desc'],
    [' state desc , displayName,id Asc', 'state desc, displayName asc, id asc'],
    ['microsoft.graph.iosVppApp/bundleId desc', 'microsoft.graph.iosVppApp/bundleId desc'],
    ['desc desc', 'desc desc'],
  ])('reads %s', (text, expected) => {
    const trees = parseOrderBy(text)
    expect(
      trees
        .map(
          ({ path, isDescending }) => `${path.segments.join('/')} ${isDescending ? 'desc' : 'asc'}`,
        )
        .join(', '),
    ).toBe(expected)
  })

  test.each(['', ',', 'id,', 'id descending', 'id desc asc', "'id'", 'id/', 'length(id)', '1'])(
    'refuses %j',
    (text) => {
      const failure = refusalOf(() => parseOrderBy(text))
      expect(failure).toMatchObject({ code: 'badRequest', property: '$orderby' })
    },
  )

  test('takes as many properties as the limit says and refuses one more', () => {
    const names = (count: number) => Array(count).fill('id').join(',')
    expect(parseOrderBy(names(maxOrderTerms))).toHaveLength(maxOrderTerms)
    expect(refusalOf(() => parseOrderBy(names(maxOrderTerms + 1)))).toMatchObject({
      code: 'badRequest',
      property: '$orderby',
    })
  })
})

describe('parseSearch', () => {
  test.each([
    ['"two words"', 'two words'],
    ['word', 'word'],
    [' "x" ', 'x'],
    [String.raw`"say \"hi\" \\ ok"`, String.raw`say "hi" \ ok`],
    ["O'Brien", "O'Brien"],
    ['"AND"', 'AND'],
    ['"100% (_)"', '100% (_)'],
  ])('reads %s', (text, expected) => {
    expect(parseSearch(text)).toBe(expected)
  })

  test.each([
    '',
    ' ',
    '""',
    '" "',
    'two words',
    '"a" "b"',
    '"a',
    'a"',
    '"a\\',
    String.raw`"a\n"`,
    'NOT',
    'a AND b',
    '(a)',
  ])('refuses %j', (text) => {
    expect(refusalOf(() => parseSearch(text))).toMatchObject({
      code: 'badRequest',
      property: '$search',
    })
  })

  test('refuses a text beyond the limit', () => {
    const phrase = (length: number) => `"${'a'.repeat(length - 2)}"`
    expect(parseSearch(phrase(maxTextLength))).toHaveLength(maxTextLength - 2)
    expect(refusalOf(() => parseSearch(phrase(maxTextLength + 1)))).toMatchObject({
      code: 'badRequest',
      property: '$search',
    })
  })
})

function shown(tree: FilterTree): string {
  switch (tree.kind) {
    case 'path':
      return tree.segments.join('/')
    case 'literal':
      return shownLiteral(tree.literal)
    case 'call':
      return list(tree.name, tree.of.map(shown))
    case 'and':
    case 'or':
      return list(tree.kind, tree.of.map(shown))
    case 'not':
      return list('not', [shown(tree.of)])
    case 'compare':
      return list(tree.comparison, [shown(tree.left), shown(tree.right)])
    case 'in':
      return list('in', [shown(tree.operand), ...tree.items.map(shownLiteral)])
  }
}

function shownLiteral(literal: Literal): string {
  switch (literal.kind) {
    case 'null':
      return 'null'
    case 'string':
      return `"${literal.text}"`
    case 'enum':
      return `${literal.type}:${literal.text}`
    default:
      return `${literal.kind}:${literal.text}`
  }
}

function list(head: string, rest: readonly string[]): string {
  return `(${[head, ...rest].join(' ')})`
}

function outcomeOf(work: () => string): string {
  try {
    return work()
  } catch (error) {
    return error instanceof Failure ? 'Failure' : String(error)
  }
}

function refusalOf(work: () => unknown): Failure {
  try {
    work()
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
  throw new Error('It was taken.')
}

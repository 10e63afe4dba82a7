import { describe, expect, test } from 'vitest'
import {
  iosVppAppAssignedDeviceLicense,
  iosVppAppAssignedLicense,
  iosVppAppAssignedUserLicense,
} from '../../model/assigned-license.ts'
import type { EntityType, Face } from '../../model/entity-type.ts'
import { Failure } from '../../model/failure.ts'
import { libraryItem } from '../../model/library-item.ts'
import type { Comparable, Operand, Predicate } from '../../model/list-query.ts'
import { iosVppEBook, managedEBook } from '../../model/managed-ebook.ts'
import { iosVppApp, macOsVppApp, mobileApp } from '../../model/mobile-app.ts'
import { vppToken } from '../../model/vpp-token.ts'
import { bindFilter } from './bind-filter.ts'
import { bindOrderBy } from './bind-order-by.ts'
import { bindSearch } from './bind-search.ts'
import { parseFilter, parseOrderBy } from './parse.ts'
import type { QueriedRows } from './queried-rows.ts'

const tokens = (face: Face): QueriedRows => ({ type: vppToken, derived: new Map(), face })
const apps = (face: Face): QueriedRows => ({
  type: mobileApp,
  derived: new Map<string, EntityType>([
    ['iosVppApp', iosVppApp],
    ['macOsVppApp', macOsVppApp],
  ]),
  face,
  searched: ['displayName', 'publisher', 'bundleId'],
})
const rows = {
  old: tokens('old'),
  'v1.0': tokens('v1.0'),
  beta: tokens('beta'),
  pomona: tokens('pomona'),
  apps: apps('beta'),
  'apps v1.0': apps('v1.0'),
  iosApps: { type: iosVppApp, derived: new Map(), face: 'beta' },
  books: { type: managedEBook, derived: new Map([['iosVppEBook', iosVppEBook]]), face: 'v1.0' },
  library: { type: libraryItem, derived: new Map(), face: 'pomona' },
  licenses: {
    type: iosVppAppAssignedLicense,
    derived: new Map<string, EntityType>([
      ['user', iosVppAppAssignedUserLicense],
      ['device', iosVppAppAssignedDeviceLicense],
    ]),
    face: 'beta',
  },
} as const satisfies Record<string, QueriedRows>
type List = keyof typeof rows

const guid = 'a0000000-0000-4000-8000-00000000000f'

describe('bindFilter', () => {
  // List, filter, predicate as an S-expression with the declared names and the stored values.
  test.each<[List, string, string]>([
    // Names in any case, each face with its own.
    ['beta', "DISPLAYNAME eq 'x'", '(eq displayName "x")'],
    [
      'old',
      "volumePurchaseProgramTokenAccountType eq 'education'",
      '(eq vppTokenAccountType "education")',
    ],
    ['beta', "vppTokenAccountType eq 'education'", '(eq vppTokenAccountType "education")'],
    ['pomona', "stateReason eq 'ok'", '(eq stateReason "ok")'],
    [
      'books',
      "graph.iosVppEBook/appleId eq 'x@y.example'",
      '(eq [iosVppEBook]vppTokenAppleId "x@y.example")',
    ],
    [
      'books',
      'publishedDateTime ge 2020-01-01T00:00:00Z',
      '(ge releaseDateTime "2020-01-01T00:00:00.0000000Z")',
    ],
    // Enums by what the face shows (G3).
    ['beta', "state eq 'invalid'", '(eq state "invalid")'],
    ['beta', "state ne 'invalid'", '(not (eq state "invalid"))'],
    ['beta', "state eq 'duplicateLocationId'", '(eq state "duplicateLocationId")'],
    ['v1.0', "state eq 'invalid'", '(in state "invalid" "duplicateLocationId")'],
    ['v1.0', "state ne 'invalid'", '(not (in state "invalid" "duplicateLocationId"))'],
    ['v1.0', "'invalid' eq state", '(in state "invalid" "duplicateLocationId")'],
    [
      'v1.0',
      "state in ('valid','invalid',null)",
      '(in state "valid" "invalid" "duplicateLocationId" null)',
    ],
    ['v1.0', "state eq microsoft.graph.vppTokenState'valid'", '(eq state "valid")'],
    ['beta', "state eq Graph.VppTokenState'valid'", '(eq state "valid")'],
    ['beta', 'state eq null', '(eq state null)'],
    ['beta', 'state ne null', '(ne state null)'],
    // In the old face they are strings.
    [
      'old',
      "state eq 'invalid'",
      '(in state "invalid" "assignedToExternalMDM" "duplicateLocationId")',
    ],
    ['old', "state gt 'invalid'", '(in state "unknown" "valid")'],
    ['old', "state lt 'f'", '(eq state "expired")'],
    ['old', "'unknown' le state", '(in state "unknown" "valid")'],
    [
      'old',
      "startswith(state,'inv')",
      '(in state "invalid" "assignedToExternalMDM" "duplicateLocationId")',
    ],
    [
      'old',
      "contains(state,'alid') eq false",
      '(and (ne state null) (not (in state "valid" "invalid" "assignedToExternalMDM" "duplicateLocationId")))',
    ],
    ['old', "state eq 'duplicateLocationId'", 'false'],
    ['old', "state ne 'duplicateLocationId'", '(not false)'],
    ['old', "state in ('valid','nonsense')", '(eq state "valid")'],
    // Text.
    ['beta', "organizationName gt 'M'", '(gt organizationName "M")'],
    ['beta', "organizationName eq 'O''Brien'", `(eq organizationName "O'Brien")`],
    ['beta', 'organizationName eq null', '(eq organizationName null)'],
    ['beta', 'null ne organizationName', '(ne organizationName null)'],
    ['beta', 'organizationName gt null', 'false'],
    ['beta', 'organizationName le null', '(eq organizationName null)'],
    ['beta', "organizationName in ('a',null,'a')", '(in organizationName "a" null)'],
    ['beta', 'organizationName in ()', 'false'],
    ['beta', "contains(organizationName,'a')", '(contains organizationName "a")'],
    ['beta', "not endswith(displayName,'')", '(not (endsWith displayName ""))'],
    [
      'beta',
      "startswith(displayName,'a') eq true",
      '(and (ne displayName null) (startsWith displayName "a"))',
    ],
    [
      'beta',
      "false eq startswith(displayName,'a')",
      '(and (ne displayName null) (not (startsWith displayName "a")))',
    ],
    [
      'beta',
      "startswith(displayName,'a') ne true",
      '(not (and (ne displayName null) (startsWith displayName "a")))',
    ],
    ['beta', "startswith(displayName,'a') eq null", '(eq displayName null)'],
    ['beta', "startswith(displayName,'a') ne null", '(not (eq displayName null))'],
    // GUIDs.
    ['beta', `id eq ${guid.toUpperCase()}`, `(eq id "${guid}")`],
    ['beta', `id eq '${guid.toUpperCase()}'`, `(eq id "${guid}")`],
    ['beta', `id in ('${guid}',${guid.toUpperCase()},'no')`, `(in id "${guid}" "no")`],
    ['beta', "startswith(id,'A0')", '(startsWith id "a0")'],
    ['library', `tokenId eq '${guid}'`, `(eq vppTokenId "${guid}")`],
    // Flags.
    ['beta', 'automaticallyUpdateApps', '(eq automaticallyUpdateApps true)'],
    ['beta', 'not automaticallyUpdateApps', '(not (eq automaticallyUpdateApps true))'],
    ['beta', 'automaticallyUpdateApps eq False', '(eq automaticallyUpdateApps false)'],
    ['beta', 'automaticallyUpdateApps ne true', '(not (eq automaticallyUpdateApps true))'],
    ['beta', 'automaticallyUpdateApps gt false', '(eq automaticallyUpdateApps true)'],
    ['beta', 'automaticallyUpdateApps ge false', '(in automaticallyUpdateApps false true)'],
    ['beta', 'automaticallyUpdateApps lt false', 'false'],
    ['beta', 'automaticallyUpdateApps in (true)', '(eq automaticallyUpdateApps true)'],
    // Whole numbers.
    ['beta', 'lastAppCount gt 5', '(gt lastAppCount 5)'],
    ['beta', '5 gt lastAppCount', '(lt lastAppCount 5)'],
    ['beta', '5 ge lastAppCount', '(le lastAppCount 5)'],
    ['beta', 'lastAppCount eq -5.0', '(eq lastAppCount -5)'],
    ['beta', 'lastAppCount eq -0', '(eq lastAppCount 0)'],
    ['beta', 'lastAppCount eq 0e999999999999', '(eq lastAppCount 0)'],
    ['beta', 'lastAppCount eq 1.20e3', '(eq lastAppCount 1200)'],
    ['beta', 'lastAppCount eq 5000e-3', '(eq lastAppCount 5)'],
    ['beta', 'lastAppCount le 2147483647', '(le lastAppCount 2147483647)'],
    ['beta', 'lastAppCount eq 2147483648', 'false'],
    ['beta', 'lastAppCount ne 1e400', 'true'],
    ['beta', 'lastAppCount lt 1e99999999999', '(ne lastAppCount null)'],
    ['beta', 'lastAppCount gt INF', 'false'],
    ['beta', 'lastAppCount ge -INF', '(ne lastAppCount null)'],
    ['beta', 'lastAppCount lt -9999999999999999999999999', 'false'],
    ['beta', 'lastAppCount eq NaN', 'false'],
    ['beta', 'lastAppCount ne NaN', 'true'],
    ['beta', 'lastAppCount le NaN', 'false'],
    ['beta', 'lastAppCount in (1,1.0,9999999999,NaN,2)', '(in lastAppCount 1 2)'],
    ['pomona', 'totalLicenseCount eq 9007199254740991', '(eq totalLicenseCount 9007199254740991)'],
    ['pomona', 'totalLicenseCount eq 9007199254740992', 'false'],
    ['pomona', 'totalLicenseCount gt 2147483648', '(gt totalLicenseCount 2147483648)'],
    // Times by their instant.
    [
      'beta',
      'expirationDateTime lt 2026-12-31T23:59:59.12345678-08:00',
      '(lt expirationDateTime "2027-01-01T07:59:59.1234567Z")',
    ],
    [
      'beta',
      'expirationDateTime eq 0001-01-01T00:00:00Z',
      '(eq expirationDateTime "0001-01-01T00:00:00.0000000Z")',
    ],
    // Structure.
    [
      'beta',
      "not (state eq 'valid' or displayName eq 'a') and true",
      '(and (not (or (eq state "valid") (eq displayName "a"))) true)',
    ],
    ['beta', 'false', 'false'],
    // Types.
    ['apps', "isof('microsoft.graph.iosVppApp')", '(eq contentKind "iosVppApp")'],
    ['apps', 'isof(graph.macosvppapp)', '(eq contentKind "macOsVppApp")'],
    ['apps', "isof('microsoft.graph.mobileApp')", 'true'],
    ['apps', "isof('microsoft.graph.iosVppApp') eq false", '(not (eq contentKind "iosVppApp"))'],
    ['apps', "isof('microsoft.graph.iosVppApp') eq null", 'false'],
    ['iosApps', "isof('microsoft.graph.iosVppApp')", 'true'],
    ['iosApps', "isof('microsoft.graph.mobileApp')", 'true'],
    ['apps v1.0', "isof('microsoft.graph.iosVppApp')", '(eq contentKind "iosVppApp")'],
    ['licenses', "isof('microsoft.graph.iosVppAppAssignedLicense')", 'true'],
    [
      'licenses',
      "isof('microsoft.graph.iosVppAppAssignedDeviceLicense')",
      '(eq contentKind "device")',
    ],
    ['apps', "microsoft.graph.iosVppApp/bundleId eq 'x'", '(eq [iosVppApp]bundleId "x")'],
    [
      'apps',
      "graph.iosVppApp/vppTokenAccountType ne 'business'",
      '(not (eq [iosVppApp]vppTokenAccountType "business"))',
    ],
    [
      'apps',
      'graph.macOsVppApp/usedLicenseCount lt 1e99',
      '(ne [macOsVppApp]usedLicenseCount null)',
    ],
    [
      'apps',
      "contains(microsoft.graph.iosVppApp/displayName,'x')",
      '(contains [iosVppApp]displayName "x")',
    ],
    ['apps', "microsoft.graph.mobileApp/displayName eq 'x'", '(eq displayName "x")'],
    ['apps', "publishingState eq 'published'", '(eq publishingState "published")'],
    ['iosApps', "bundleId eq 'x'", '(eq bundleId "x")'],
    ['library', "contentKind eq 'iosVppEBook'", '(eq contentKind "iosVppEBook")'],
  ])('%s: %s', (list, text, expected) => {
    expect(shown(bindFilter(parseFilter(text), rows[list]))).toBe(expected)
  })

  test.each<[List, string, string]>([
    [
      'v1.0',
      "nonsense eq 'x'",
      "Invalid filter clause: Could not find a property named 'nonsense' on type 'microsoft.graph.vppToken'.",
    ],
    [
      'old',
      "DisplayName eq 'x'",
      "Invalid filter clause: Could not find a property named 'DisplayName' on type 'microsoft.graph.appleVolumePurchaseProgramToken'.",
    ],
    [
      'v1.0',
      'lastAppCount gt 1',
      "Invalid filter clause: Could not find a property named 'lastAppCount' on type 'microsoft.graph.vppToken'.",
    ],
    [
      'apps',
      "bundleId eq 'x'",
      "Invalid filter clause: Could not find a property named 'bundleId' on type 'microsoft.graph.mobileApp'.",
    ],
    [
      'apps',
      "isof('microsoft.graph.iosVppApp') and bundleId eq 'x'",
      "Invalid filter clause: Could not find a property named 'bundleId' on type 'microsoft.graph.mobileApp'.",
    ],
    [
      'apps',
      "graph.macOsVppApp/applicableDeviceType eq 'x'",
      "Invalid filter clause: Could not find a property named 'applicableDeviceType' on type 'microsoft.graph.macOsVppApp'.",
    ],
    [
      'beta',
      'constructor eq 1',
      "Invalid filter clause: Could not find a property named 'constructor' on type 'microsoft.graph.vppToken'.",
    ],
  ])('%s: %s names a property that is not there', (list, text, message) => {
    expect(refusalOf(list, text)).toMatchObject({
      code: 'badRequest',
      property: '$filter',
      message,
    })
  })

  test.each<[List, string, string]>([
    ['beta', "token eq 'x'", "'token' cannot be used in $filter: it is a secret"],
    ['beta', "startswith(token,'e')", "'token' cannot be used in $filter: it is a secret"],
    ['beta', 'TOKEN ne null', "'token' cannot be used in $filter: it is a secret"],
    ['licenses', `id eq ${guid}`, "'id' cannot be used in $filter: it is worked out"],
    ['beta', "roleScopeTagIds eq '0'", "'roleScopeTagIds' cannot be used in $filter: it is a coll"],
    ['pomona', 'mdmHolder eq null', "'mdmHolder' cannot be used in $filter: it is made of several"],
    ['pomona', "mdmHolder/id eq 'x'", "'mdmHolder' cannot be used in $filter: it has no parts"],
    ['apps', 'graph.iosVppApp eq null', 'casts to a type without naming one property'],
    ['apps', 'graph.iosVppApp/graph.iosVppApp/bundleId eq null', 'casts to a type without naming'],
    // Enums.
    [
      'v1.0',
      "state eq 'duplicateLocationId'",
      "It is one of 'unknown', 'valid', 'expired', 'invalid', 'assignedToExternalMDM', in single quotes.",
    ],
    ['beta', "state in ('valid','Valid')", "cannot be compared with 'Valid'"],
    ['beta', 'state eq 1', "cannot be compared with '1'"],
    ['beta', "state gt 'invalid'", 'takes eq, ne and in for it, not gt.'],
    ['beta', "startswith(state,'v')", "looks into text, and the property 'state' is none."],
    ['beta', "state eq microsoft.graph.vppTokenSyncStatus'none'", "compared with 'none'"],
    ['beta', "state eq x.y.vppTokenState'valid'", "cannot be compared with 'valid'"],
    ['old', "state eq microsoft.graph.vppTokenState'valid'", 'It is text: write the value in'],
    // Values of another kind.
    ['beta', 'displayName eq 5', 'It is text: write the value in single quotes.'],
    ['beta', 'displayName eq 2026-12-31', 'It is text: write the value in single quotes.'],
    ['beta', "lastAppCount eq '5'", 'It is a whole number: write it without quotes'],
    ['beta', 'lastAppCount eq 5.5', 'It is a whole number: write it without quotes'],
    ['beta', 'lastAppCount eq 1e-1', 'It is a whole number'],
    ['beta', 'lastAppCount eq 1e-99999999999', 'It is a whole number'],
    ['beta', "automaticallyUpdateApps eq 'true'", 'It is a Boolean: write true or false'],
    ['beta', "contains(lastAppCount,'5')", "looks into text, and the property 'lastAppCount'"],
    ['beta', "expirationDateTime gt '2026-12-31T23:59:59Z'", 'It is a time: write it without'],
    ['beta', 'expirationDateTime gt 2026-12-31', 'It is a time: write it without'],
    ['beta', 'expirationDateTime gt 2026-12-31T23:59:59', 'with its offset'],
    ['beta', 'expirationDateTime gt 2026-02-30T00:00:00Z', "with '2026-02-30T00:00:00Z'"],
    ['beta', "expirationDateTime gt duration'P1D'", "cannot be compared with 'P1D'"],
    ['beta', 'id eq 5', 'It is a GUID: write it bare or in single quotes.'],
    // What cannot be stored.
    ['beta', "displayName eq 'a\u0000b'", 'a character that is never stored'],
    ['beta', "displayName in ('\ud800')", 'a character that is never stored'],
    ['beta', "startswith(displayName,'\udc00')", 'a character that is never stored'],
    ['beta', "id eq '\u0000'", 'a character that is never stored'],
    // Forms.
    ['beta', 'displayName eq organizationName', 'a property on one side and a value on the other'],
    ['beta', '1 eq 1', 'a property on one side and a value on the other'],
    ['beta', "(displayName eq 'a') eq true", 'a property on one side and a value on the other'],
    ['beta', "startswith(displayName,'a') gt true", 'a property on one side and a value'],
    ['beta', "startswith(displayName,'a') eq 1", "The function startswith is compared with '1'"],
    ['beta', '1 in (1)', 'takes a property on its left side'],
    ['beta', 'displayName', 'stands alone in $filter and is not a Boolean'],
    ['beta', 'null', "The value 'null' stands alone"],
    ['beta', "'x'", "The value 'x' stands alone"],
    [
      'beta',
      "contains('x',displayName)",
      "takes a property and a text: contains(property,'text').",
    ],
    ['beta', 'contains(displayName)', 'takes a property and a text'],
    ['beta', "contains(displayName,'a','b')", 'takes a property and a text'],
    ['beta', 'contains(displayName,null)', "cannot be compared with 'null'"],
    ['beta', "tolower(displayName) eq 'x'", "The function 'tolower' is not served"],
    ['beta', "constructor(displayName,'x')", "The function 'constructor' is not served"],
    // Types.
    ['beta', "isof('microsoft.graph.iosVppApp')", 'Types here: microsoft.graph.vppToken.'],
    [
      'apps v1.0',
      "isof('microsoft.graph.macOsVppApp')",
      'Types here: microsoft.graph.mobileApp, microsoft.graph.iosVppApp.',
    ],
    [
      'apps',
      "isof('microsoft.graph.managedEBook')",
      "names the type 'microsoft.graph.managedEBook'",
    ],
    ['apps', "isof('iosVppApp')", "names the type 'iosVppApp'"],
    ['apps', "isof(displayName,'microsoft.graph.iosVppApp')", 'The function isof takes one type'],
    ['apps', 'isof()', 'The function isof takes one type'],
    ['iosApps', "graph.macOsVppApp/bundleId eq 'x'", "names the type 'graph.macOsVppApp'"],
  ])('%s: %s is refused', (list, text, hint) => {
    const failure = refusalOf(list, text)
    expect(failure).toMatchObject({ code: 'badRequest', property: '$filter' })
    expect(failure.message).toContain(hint)
  })

  test.each([
    (long: string) => `${long} eq 1`,
    (long: string) => `displayName/${long} eq 1`,
    (long: string) => `${long}/displayName eq 1`,
    (long: string) => `state eq '${long}'`,
    (long: string) => `${long}(displayName)`,
    (long: string) => `isof('${long}')`,
    (long: string) => `'${long}'`,
    (long: string) => `startswith(displayName,'a') eq '${long}'`,
  ])('never repeats more than 128 characters (case %#)', (filter) => {
    expect(refusalOf('beta', filter('z'.repeat(1_000))).message).not.toMatch(/z{129}/)
  })
})

describe('bindOrderBy', () => {
  const order = (list: List, text: string) => bindOrderBy(parseOrderBy(text), rows[list])

  test('binds names of the face, most significant first, and leaves repetitions out', () => {
    expect(order('beta', 'DisplayName desc,id,displayname')).toEqual([
      { operand: { property: 'displayName' }, isDescending: true },
      { operand: { property: 'id' }, isDescending: false },
    ])
  })

  test('ranks members by number, those shown alike together', () => {
    const ranksOf = (list: List) => order(list, 'state')[0]?.ranks
    expect(ranksOf('beta')).toEqual({
      unknown: 0,
      valid: 1,
      expired: 2,
      invalid: 3,
      assignedToExternalMDM: 4,
      duplicateLocationId: 5,
    })
    expect(ranksOf('v1.0')).toEqual({
      unknown: 0,
      valid: 1,
      expired: 2,
      invalid: 3,
      assignedToExternalMDM: 4,
      duplicateLocationId: 3,
    })
  })

  test('ranks by the shown text in the old face', () => {
    expect(order('old', 'state desc')).toEqual([
      {
        operand: { property: 'state' },
        isDescending: true,
        ranks: {
          expired: 0,
          invalid: 1,
          assignedToExternalMDM: 1,
          duplicateLocationId: 1,
          unknown: 2,
          valid: 3,
        },
      },
    ])
  })

  test('orders by a property of a derived type', () => {
    expect(order('apps', 'microsoft.graph.iosVppApp/bundleId')).toEqual([
      { operand: { property: 'bundleId', ofKinds: ['iosVppApp'] }, isDescending: false },
    ])
  })

  test.each<[List, string, string]>([
    [
      'v1.0',
      'displayName',
      "Invalid orderby clause: Could not find a property named 'displayName' on type 'microsoft.graph.vppToken'.",
    ],
    [
      'beta',
      'token',
      "The property 'token' cannot be used in $orderby: it is a secret and never compared. Choose among the rows that come back instead.",
    ],
    [
      'beta',
      'tokenActionResults desc',
      "The property 'tokenActionResults' cannot be used in $orderby: it is a collection. Choose among the rows that come back instead.",
    ],
  ])('%s: %s is refused', (list, text, message) => {
    expect(() => order(list, text)).toThrow(
      expect.objectContaining({ code: 'badRequest', property: '$orderby', message }),
    )
  })
})

describe('bindSearch', () => {
  test('looks in the properties that the list names', () => {
    expect(bindSearch('x y', rows.apps)).toEqual({
      kind: 'search',
      properties: ['displayName', 'publisher', 'bundleId'],
      text: 'x y',
    })
  })

  test.each<[List, string]>([
    ['beta', 'x'],
    ['apps', '\u0000'],
    ['apps', '\ud800'],
  ])('%s: refuses %j', (list, text) => {
    expect(() => bindSearch(text, rows[list])).toThrow(
      expect.objectContaining({ code: 'badRequest', property: '$search' }),
    )
  })
})

function shown(predicate: Predicate): string {
  switch (predicate.kind) {
    case 'constant':
      return String(predicate.value)
    case 'and':
    case 'or':
      return listed(predicate.kind, predicate.of.map(shown))
    case 'not':
      return listed('not', [shown(predicate.of)])
    case 'compare':
      return listed(predicate.comparison, [shownOperand(predicate.operand), value(predicate.value)])
    case 'in':
      return listed('in', [shownOperand(predicate.operand), ...predicate.values.map(value)])
    case 'match':
      return listed(predicate.match, [shownOperand(predicate.operand), value(predicate.text)])
    case 'search':
      return listed('search', [...predicate.properties, value(predicate.text)])
  }
}

const value = (of: Comparable) => JSON.stringify(of)
const listed = (head: string, rest: readonly string[]) => `(${[head, ...rest].join(' ')})`
const shownOperand = ({ property, ofKinds }: Operand) =>
  ofKinds ? `[${ofKinds.join(' ')}]${property}` : property

function refusalOf(list: List, text: string): Failure {
  try {
    bindFilter(parseFilter(text), rows[list])
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
  throw new Error('It was taken.')
}

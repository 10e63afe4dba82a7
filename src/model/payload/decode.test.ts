import { describe, expect, test } from 'vitest'
import { Failure } from '../failure.ts'
import { vppToken } from '../vpp-token.ts'
import { decode } from './decode.ts'

function refusal(face: 'old' | 'v1.0' | 'beta', json: unknown) {
  try {
    decode(vppToken, face, json)
  } catch (error) {
    if (error instanceof Failure) return { code: error.code, message: error.message }
    throw error
  }
  throw new Error('nothing was refused')
}

describe('a body', () => {
  test('is read by the names of its face', () => {
    expect(
      decode(vppToken, 'old', {
        '@odata.type': '#microsoft.graph.appleVolumePurchaseProgramToken',
        volumePurchaseProgramTokenAccountType: 'education',
        expirationDateTime: '2016-12-31T23:57:57.2481234-08:00',
        token: 'Token value',
      }),
    ).toEqual({
      vppTokenAccountType: 'education',
      expirationDateTime: { instant: '2017-01-01T07:57:57.2481234Z', offsetMinutes: -480 },
      token: 'Token value',
    })
  })

  test('may spell names in any case, send an id, and carry annotations', () => {
    expect(
      decode(vppToken, 'beta', {
        ID: 'ignored',
        DisplayName: 'Kiel',
        'state@odata.type': '#x',
        '@odata.context': 'y',
      }),
    ).toEqual({ displayName: 'Kiel' })
  })

  test('fields of an action result that are left out hold the first value of their kind', () => {
    const left = { '@odata.type': '#microsoft.graph.vppTokenRevokeLicensesActionResult' }
    const { tokenActionResults } = decode(vppToken, 'beta', { tokenActionResults: [left] })
    expect(tokenActionResults).toEqual([
      {
        type: 'vppTokenRevokeLicensesActionResult',
        actionName: null,
        actionState: 'none',
        startDateTime: { instant: '0001-01-01T00:00:00.0000000Z', offsetMinutes: 0 },
        lastUpdatedDateTime: { instant: '0001-01-01T00:00:00.0000000Z', offsetMinutes: 0 },
        totalLicensesCount: 0,
        failedLicensesCount: 0,
        actionFailureReason: 'none',
      },
    ])
    expect(() =>
      decode(vppToken, 'beta', { tokenActionResults: [{ ...left, totalLicensesCount: null }] }),
    ).toThrow("The property 'tokenActionResults[0].totalLicensesCount' must not be null.")
  })

  test('reads a derived action result by its type, with and without #', () => {
    const result = {
      '@odata.type': 'microsoft.graph.vppTokenRevokeLicensesActionResult',
      actionName: null,
      actionState: 'done',
      startDateTime: '2026-01-01T00:00:00Z',
      lastUpdatedDateTime: '2026-01-01T00:00:00Z',
      totalLicensesCount: 3,
      failedLicensesCount: 1,
      actionFailureReason: 'appleFailure',
    }
    expect(decode(vppToken, 'beta', { tokenActionResults: [result] })).toMatchObject({
      tokenActionResults: [
        { type: 'vppTokenRevokeLicensesActionResult', totalLicensesCount: 3, actionState: 'done' },
      ],
    })
  })

  test.each([
    [
      'a property of another face',
      'v1.0' as const,
      { displayName: 'x' },
      "The property 'displayName' does not exist on type 'microsoft.graph.vppToken'.",
    ],
    [
      'a misspelt property',
      'beta' as const,
      { displayNam: 'x' },
      "The property 'displayNam' does not exist on type 'microsoft.graph.vppToken'. Nearest known property: 'displayName'.",
    ],
    [
      'an unknown enum value',
      'old' as const,
      { state: 'vald' },
      "Requested value 'vald' was not found. Nearest known value of 'state': 'valid'.",
    ],
    [
      'an enum as a number',
      'beta' as const,
      { state: 1 },
      "The value of 'state' must be text out of the enum vppTokenState.",
    ],
    [
      'null for a date',
      'beta' as const,
      { expirationDateTime: null },
      "The property 'expirationDateTime' must not be null.",
    ],
    [
      'a list for a text',
      'beta' as const,
      { appleId: ['x'] },
      "The value of 'appleId' must be text.",
    ],
    [
      'text for a flag',
      'beta' as const,
      { automaticallyUpdateApps: 'true' },
      "The value of 'automaticallyUpdateApps' must be true or false.",
    ],
    [
      'the type of another face',
      'beta' as const,
      { '@odata.type': '#microsoft.graph.appleVolumePurchaseProgramToken' },
      "The value of '@odata.type' must be '#microsoft.graph.vppToken' here.",
    ],
    [
      'a date without an offset',
      'beta' as const,
      { expirationDateTime: '2026-01-01T00:00:00' },
      "The value of 'expirationDateTime' is not a date and time with an offset, such as 2026-12-31T23:59:59Z or 2026-12-31T23:59:59.1234567-08:00.",
    ],
    [
      'a text with U+0000',
      'beta' as const,
      { appleId: 'a\u0000b' },
      "The value of 'appleId' holds a character that cannot be stored (U+0000 or half of a surrogate pair).",
    ],
    [
      'half of a surrogate pair',
      'beta' as const,
      { appleId: '\ud800' },
      "The value of 'appleId' holds a character that cannot be stored (U+0000 or half of a surrogate pair).",
    ],
    [
      'one property in two spellings',
      'beta' as const,
      { appleId: 'x', AppleId: 'y' },
      "The property 'appleId' is given twice, spelt in two ways. Send it once.",
    ],
  ])('with %s is refused, naming it', (_, face, json, message) => {
    const refused = refusal(face, json)
    expect(refused.code).toBe('invalidModel')
    expect(refused.message).toContain(message)
  })

  test.each([
    ['a list', []],
    ['text', 'x'],
    ['null', null],
  ])('that is %s is no entity', (_, json) => {
    expect(refusal('beta', json).code).toBe('unreadablePayload')
  })

  test('takes what may be null and never is for what was not given', () => {
    expect(decode(vppToken, 'beta', { lastAppCount: null })).toEqual({ lastAppCount: 0 })
    expect(decode(vppToken, 'beta', { roleScopeTagIds: null, tokenActionResults: null })).toEqual({
      roleScopeTagIds: ['0'],
      tokenActionResults: [],
    })
  })

  test.each([
    [
      'too many items',
      Array.from({ length: 101 }, () => '1'),
      "The list 'roleScopeTagIds' is too long",
    ],
    ['an item that is too long', ['x'.repeat(65)], "The value of 'roleScopeTagIds[0]' is too long"],
  ])('with a list of %s is refused', (_, roleScopeTagIds, message) => {
    expect(refusal('beta', { roleScopeTagIds }).message).toContain(message)
  })

  test('never repeats the content token in a refusal', () => {
    const refused = refusal('beta', { token: 'planted-secret'.repeat(20_000) })
    expect(refused.code).toBe('invalidModel')
    expect(refused.message).not.toContain('planted-secret')
  })
})

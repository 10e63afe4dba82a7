import { describe, expect, test } from 'vitest'
import { parseContentToken } from './content-token.ts'

// The test vectors of Apple 1.4.
const v1 =
  'eyJ0b2tlbiI6ImNHOXRiMjVoTFcxaFpHVXRkWEF0TURBd01RPT0iLCJleHBEYXRlIjoiMjAyNy0wMy0wMVQwODowMDowMCswMDAwIiwib3JnTmFtZSI6IkhhcmJvdXIgQ3JhbmVzIEdtYkgifQ=='
const v2 =
  'ewogICAgImV4cERhdGUiOiAiMjAyNy0wMy0wMVQwMTowMDowMC0wNzAwIiwKICAgICJvcmdOYW1lIjogIkhhcmJvdXIgQ3JhbmVzIEdtYkgiLAogICAgInRva2VuIjogImNHOXRiMjVoTFcxaFpHVXRkWEF0TURBd01RPT0iCn0='

const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64')
const tokenWith = (object: unknown) => base64(JSON.stringify(object))
const inLines = (text: string) => text.replace(/.{64}/g, '$&\r\n')
const good = { token: 'inner', expDate: '2027-03-01T08:00:00+0000', orgName: 'Harbour Cranes' }

const facts = (outer: string) => ({
  ok: true,
  value: {
    outer,
    organizationName: 'Harbour Cranes GmbH',
    expiration: '2027-03-01T08:00:00.0000000Z',
    unknownKeys: [],
  },
})

describe('a content token', () => {
  test.each([
    ['as downloaded', v1, v1],
    ['with other spacing, key order and offset', v2, v2],
    ['behind a byte order mark and before line ends', `\uFEFF${v1}\r\n`, v1],
    ['encoded once more', base64(v1), v1],
    ['encoded once more, in lines', inLines(base64(v1)), v1],
    ['with a line end inside the second layer', base64(`${v1}\n`), v1],
  ])('%s is read, and its outer text is the credential', (_, text, outer) => {
    expect(parseContentToken(text)).toEqual(facts(outer))
  })

  test.each([
    ['F03', 'blanks inside', `A${' '.repeat(65_500)}A`],
    ['F04', 'blanks inside the second layer', base64(`A${' '.repeat(48_000)}A`)],
  ])(
    'is refused as %s before a pattern gets lost in %s',
    { timeout: 5_000 },
    (expected, _, text) => {
      const parsed = parseContentToken(text)
      expect(!parsed.ok && parsed.problem.class).toBe(expected)
    },
  )

  test('names further keys, never their values', () => {
    const parsed = parseContentToken(tokenWith({ ...good, plan: 'hidden' }))
    expect(parsed.ok && parsed.value.unknownKeys).toEqual(['plan'])
  })

  test.each([
    ['F01', 'nothing but blanks', ' \r\n\t'],
    ['F02', 'more than 64 KiB', 'A'.repeat(65_537)],
    ['F03', 'text that is not base64', 'Token value'],
    ['F03', 'the url-safe alphabet', v1.replace('==', '-_')],
    ['F03', 'a length that is no multiple of four', v1.slice(0, -1)],
    ['F03', 'line breaks inside the credential itself', inLines(v1)],
    ['F03a', 'a certificate', '-----BEGIN CERTIFICATE-----'],
    ['F03a', 'an enrolment token', 'Content-Type: application/pkcs7-mime'],
    ['F04', 'base64 of something else', base64('hello world!')],
    ['F04', 'a JSON list', tokenWith([good])],
    ['F04', 'a third layer', base64(base64(v1))],
    ['F05', 'no token', tokenWith({ ...good, token: undefined })],
    ['F05', 'a name that cannot be stored', tokenWith({ ...good, orgName: 'a\u0000b' })],
    ['F05', 'half of a surrogate pair', tokenWith({ ...good, orgName: 'a\ud800' })],
    [
      'F05',
      'a name longer than a record takes',
      tokenWith({ ...good, orgName: 'x'.repeat(4_097) }),
    ],
    ['F05', 'an empty name', tokenWith({ ...good, orgName: '' })],
    ['F05', 'a number for the date', tokenWith({ ...good, expDate: 5 })],
    ['F06', 'a date without an offset', tokenWith({ ...good, expDate: '2027-03-01T08:00:00' })],
    ['F06', 'a day that does not exist', tokenWith({ ...good, expDate: '2027-02-30T08:00:00Z' })],
  ])('is refused as %s: %s', (expected, _, text) => {
    const parsed = parseContentToken(text)
    expect(!parsed.ok && parsed.problem.class).toBe(expected)
  })

  test('is refused in words that name what is missing', () => {
    const parsed = parseContentToken(tokenWith({ ...good, orgName: '' }))
    expect(!parsed.ok && parsed.problem.message).toBe(
      'The content token has no usable value "orgName". Download it again and do not edit it.',
    )
  })

  test('never shows its secret in a refusal', () => {
    const parsed = parseContentToken(tokenWith({ ...good, token: 'planted-secret', expDate: 'x' }))
    expect(JSON.stringify(parsed)).not.toContain('planted-secret')
  })
})

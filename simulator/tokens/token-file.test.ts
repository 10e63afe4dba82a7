import { describe, expect, test } from 'vitest'
import { fingerprintOf, tokenFileText } from './token-file.ts'

const content = {
  token: 'cG9tb25hLW1hZGUtdXAtMDAwMQ==',
  expiresAtMs: Date.parse('2027-03-01T08:00:00Z'),
  orgName: 'Harbour Cranes GmbH',
}

describe('token files (Apple contract 1.4)', () => {
  test('the compact layout is vector V1', () => {
    const text = tokenFileText(content, 'compact')
    expect(text).toBe(
      'eyJ0b2tlbiI6ImNHOXRiMjVoTFcxaFpHVXRkWEF0TURBd01RPT0iLCJleHBEYXRlIjoiMjAyNy0wMy0wMVQwODowMDowMCswMDAwIiwib3JnTmFtZSI6IkhhcmJvdXIgQ3JhbmVzIEdtYkgifQ==',
    )
    expect(fingerprintOf(text)).toBe('67139ef6')
  })

  test('the indented layout is vector V2: same values, another credential', () => {
    const text = tokenFileText(content, 'indented')
    expect(text).toBe(
      'ewogICAgImV4cERhdGUiOiAiMjAyNy0wMy0wMVQwMTowMDowMC0wNzAwIiwKICAgICJvcmdOYW1lIjogIkhhcmJvdXIgQ3JhbmVzIEdtYkgiLAogICAgInRva2VuIjogImNHOXRiMjVoTFcxaFpHVXRkWEF0TURBd01RPT0iCn0=',
    )
    expect(fingerprintOf(text)).toBe('259f41fd')
  })
})

import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { Failure } from '../failure.ts'
import { parseJsonText } from './json-text.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const codeOf = (input: Uint8Array) => {
  try {
    parseJsonText(input)
    return 'read'
  } catch (error) {
    return error instanceof Failure ? error.code : 'crashed'
  }
}

describe('the text of a body', () => {
  test('is JSON in UTF-8, with or without a byte order mark', () => {
    expect(parseJsonText(bytes('\uFEFF{"a":"[{\\"["}'))).toEqual({ a: '[{"[' })
  })

  test.each([
    ['empty', bytes('')],
    ['cut', bytes('{"a":')],
    ['not UTF-8', Uint8Array.of(0x22, 0xff, 0x22)],
    ['nested 33 deep', bytes(`${'['.repeat(33)}${']'.repeat(33)}`)],
    ['a bomb of brackets', bytes('['.repeat(200_000))],
  ])('that is %s is refused', (_, input) => {
    expect(codeOf(input)).toBe('unreadablePayload')
  })

  test('is quoted nowhere in the refusal, not even in its cause', () => {
    try {
      parseJsonText(bytes('{"token": planted-secret}'))
    } catch (error) {
      expect(inspect(error, { depth: 9 })).not.toContain('planted')
    }
    expect.assertions(1)
  })

  test('may be nested 32 deep', () => {
    expect(codeOf(bytes(`${'['.repeat(32)}${']'.repeat(32)}`))).toBe('read')
  })
})

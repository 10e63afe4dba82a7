import { describe, expect, test } from 'vitest'
import { encodeKeyFile, parseKeyFile } from './key-file-text.ts'
import type { SealingKeys } from './sealing-keys.ts'

const key = (id: string, byte: number) => ({ id, secret: new Uint8Array(32).fill(byte) })
const keys: SealingKeys = {
  keys: [key('5f0c2a91', 1), key('07be11d4', 2)],
  current: '07be11d4',
  hashSecret: new Uint8Array(32).fill(3),
}
const secret = Buffer.alloc(32, 1).toString('base64')
const file = {
  format: 'pomona-key-file/1',
  current: 'a',
  keys: [{ id: 'a', secret }],
  hashSecret: secret,
}

describe('the text of a key file', () => {
  test('is read back as it was written', () => {
    const read = parseKeyFile(encodeKeyFile(keys), 'key.json')
    expect(JSON.parse(JSON.stringify(read))).toEqual(
      JSON.parse(
        JSON.stringify({
          ...keys,
          keys: keys.keys.map(({ id, secret }) => ({ id, secret: Buffer.from(secret) })),
          hashSecret: Buffer.from(keys.hashSecret),
        }),
      ),
    )
  })

  test('may hold names that this version does not know', () => {
    const text = JSON.stringify({ ...file, note: 'Ours.', keys: [{ ...file.keys[0], made: 2026 }] })
    expect(parseKeyFile(text, 'key.json').current).toBe('a')
  })

  test.each([
    ['', 'is not JSON text'],
    [`${secret}\n`, 'is not JSON text'],
    ['[]', 'is not JSON text with one object'],
    ['{}', 'is not of the format "pomona-key-file/1"'],
    [{ ...file, format: 'pomona-key-file/2' }, 'is not of the format "pomona-key-file/1"'],
    [{ ...file, keys: secret }, 'has no list "keys"'],
    [{ ...file, keys: [] }, 'names no key of its list as "current"'],
    [{ ...file, current: 'b' }, 'names no key of its list as "current"'],
    [{ ...file, keys: [null] }, 'has a key without a usable "id"'],
    [{ ...file, keys: [{ id: 'a\n', secret }] }, 'has a key without a usable "id"'],
    [{ ...file, keys: [{ id: 'a', secret: 'c2hvcnQ=' }] }, 'as "secret" of the key "a"'],
    [{ ...file, keys: [{ id: 'a' }] }, 'as "secret" of the key "a"'],
    [{ ...file, keys: [...file.keys, ...file.keys] }, 'has two keys with the same "id"'],
    [{ ...file, hashSecret: undefined }, 'as "hashSecret"'],
  ])('%j is refused', (text, problem) => {
    const parse = () =>
      parseKeyFile(typeof text === 'string' ? text : JSON.stringify(text), 'folder/key.json')
    expect(parse).toThrow(expect.objectContaining({ code: 'misconfigured' }))
    expect(parse).toThrow(problem)
    expect(parse).toThrow('The key file "folder/key.json"')
    expect(parse).not.toThrow(secret)
  })
})

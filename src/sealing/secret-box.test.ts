import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SecretPlace } from '../ports/secret-box.ts'
import type { SealingKeys } from './sealing-keys.ts'
import { createSecretBox } from './secret-box.ts'

const key = (id: string, byte: number) => ({ id, secret: new Uint8Array(32).fill(byte) })
const hashSecret = new Uint8Array(32).fill(9)
const keys: SealingKeys = { keys: [key('k1', 1)], current: 'k1', hashSecret }
const box = createSecretBox(keys)
const place: SecretPlace = { tenantId: 'harbour', recordId: 'r1', property: 'token' }

describe('a secret box', () => {
  test('opens what it sealed, and the box shows nothing of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 4 }), (secret) => {
        const sealed = box.seal(place, secret)
        expect(sealed.keyId).toBe('k1')
        expect(Buffer.from(sealed.box).includes(secret)).toBe(false)
        expect(box.open(place, sealed)).toBe(secret)
      }),
    )
  })

  test('never seals the same secret to the same box', () => {
    const boxes = Array.from({ length: 100 }, () =>
      Buffer.from(box.seal(place, 'same').box).toString('hex'),
    )
    expect(new Set(boxes).size).toBe(100)
  })

  test.each<[string, SecretPlace]>([
    ['tenant', { ...place, tenantId: 'orchard' }],
    ['record', { ...place, recordId: 'r2' }],
    ['property', { ...place, property: 'pendingToken' }],
    ['place whose parts run into each other', { ...place, tenantId: 'harbou', recordId: 'rr1' }],
  ])('does not open under another %s', (_, other) => {
    const sealed = box.seal(place, 'secret')
    expect(() => box.open(other, sealed)).toThrow(
      expect.objectContaining({ code: 'misconfigured' }),
    )
  })

  test('no box opens under another place than its own', () => {
    const part = fc.string({ maxLength: 3 })
    const anyPlace: fc.Arbitrary<SecretPlace> = fc.record({
      tenantId: part,
      recordId: part,
      property: fc.constantFrom('token', 'pendingToken', 'signingKey', 'caKey', 'keyCheck'),
    })
    fc.assert(
      fc.property(anyPlace, anyPlace, (one, other) => {
        fc.pre(JSON.stringify(Object.values(one)) !== JSON.stringify(Object.values(other)))
        expect(() => box.open(other, box.seal(one, 'secret'))).toThrow()
      }),
    )
  })

  test('no byte of a box can be altered, none left out or added', () => {
    const sealed = box.seal(place, 'secret')
    const altered = Array.from(sealed.box, (_, index) =>
      sealed.box.map((byte, at) => (at === index ? byte ^ 1 : byte)),
    )
    const others = [...altered, sealed.box.slice(0, -1), sealed.box.slice(1), Uint8Array.of()]
    others.push(Uint8Array.of(...sealed.box, 0))
    for (const other of others)
      expect(() => box.open(place, { ...sealed, box: other })).toThrow(
        expect.objectContaining({ code: 'misconfigured' }),
      )
    expect(others).toHaveLength(1 + 12 + 6 + 16 + 4)
  })

  test('another key under the same id does not open it, and the failure names the key but not the secret', () => {
    const sealed = box.seal(place, 'planted-secret')
    const wrong = createSecretBox({ ...keys, keys: [key('k1', 2)] })
    expect(() => wrong.open(place, sealed)).toThrow(
      expect.objectContaining({ code: 'misconfigured', message: expect.stringContaining('"k1"') }),
    )
    expect(() => wrong.open(place, sealed)).not.toThrow('planted-secret')
  })

  test('a key that is not at hand is named', () => {
    const sealed = { ...box.seal(place, 'secret'), keyId: 'k7' }
    expect(() => box.open(place, sealed)).toThrow(
      expect.objectContaining({ code: 'misconfigured', message: expect.stringContaining('"k7"') }),
    )
  })

  test('after a change of keys it opens older boxes and seals under the new key', () => {
    const sealed = box.seal(place, 'secret')
    const later = createSecretBox({ ...keys, keys: [key('k1', 1), key('k2', 2)], current: 'k2' })
    expect(later.open(place, sealed)).toBe('secret')
    expect(later.seal(place, 'secret').keyId).toBe('k2')
    expect(() => box.open(place, later.seal(place, 'secret'))).toThrow('"k2"')
  })

  test('a current key that is not among the keys is refused by name', () => {
    expect(() => createSecretBox({ ...keys, current: 'k9' })).toThrow(
      expect.objectContaining({ code: 'misconfigured', message: expect.stringContaining('"k9"') }),
    )
  })

  test('hashes the same secret alike, before and after a change of keys, and others differently', () => {
    const later = createSecretBox({ ...keys, keys: [key('k2', 2)], current: 'k2' })
    expect(box.hash('secret')).toMatch(/^[0-9a-f]{64}$/)
    expect(later.hash('secret')).toBe(box.hash('secret'))
    expect(box.hash('Secret')).not.toBe(box.hash('secret'))
  })

  test('a hash says nothing without the hash secret', () => {
    const elsewhere = createSecretBox({ ...keys, hashSecret: new Uint8Array(32).fill(8) })
    expect(elsewhere.hash('secret')).not.toBe(box.hash('secret'))
  })

  // Stored hashes and boxes must be understood by every later version of the program.
  test('keeps to the form in which hashes and boxes are stored', () => {
    expect(box.hash('secret')).toBe(
      '8defd57e0638a39980777b995bf16b4ea3bb0e0db4567dcc4ec94188e7e48c0a',
    )
    const stored = Buffer.from(
      'AQggnjLto5i5ot06bsDtjzXIl2LeeLeZtvUlUqOclFCNyvcSamwwnz62ppRVATz2iFGs7iLMDfAmCA==',
      'base64',
    )
    expect(box.open(place, { keyId: 'k1', box: stored })).toBe('a secret of the first version')
  })
})

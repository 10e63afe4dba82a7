import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Client } from '../model/tenant.ts'
import { isSecretOf, newClientSecret } from './client-secret.ts'

function clientWith(secretHash: string): Client {
  return {
    id: '4f0c5ad8-33ff-4bd4-a0ff-2f5b6f1f7e77',
    tenantId: '0a64ad77-0d4f-4d45-9a61-5f1f0d8d1c11',
    name: 'A',
    roles: [],
    secretHash,
    createdAt: '2026-11-22T09:00:00.0000000Z',
  }
}

describe('a new client secret', () => {
  it('holds 256 bits in base64url and is stored as its SHA-256 in hex', () => {
    const { secret, secretHash } = newClientSecret()
    expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(secretHash).toBe(createHash('sha256').update(secret).digest('hex'))
  })

  it('is another one each time', () => {
    expect(new Set(Array.from({ length: 50 }, () => newClientSecret().secret)).size).toBe(50)
  })
})

describe('a presented secret', () => {
  const { secret, secretHash } = newClientSecret()
  it.each([
    ['the right one', clientWith(secretHash), secret, true],
    ['another one', clientWith(secretHash), newClientSecret().secret, false],
    ['an empty one', clientWith(secretHash), '', false],
    ['the hash itself', clientWith(secretHash), secretHash, false],
    ['one for nobody', undefined, secret, false],
    ['one against a stored hash that is cut', clientWith(secretHash.slice(0, 62)), secret, false],
    ['one against no stored hash', clientWith(''), '', false],
  ])('%s', (_, client, presented, isRight) => {
    expect(isSecretOf(client, presented)).toBe(isRight)
  })
})

/**
 * The text of a key file:
 *
 *     { "format": "pomona-key-file/1", "current": "5f0c2a91",
 *       "keys": [{ "id": "5f0c2a91", "secret": "…32 bytes in base64…" }], "hashSecret": "…32 bytes in base64…" }
 */
import { Failure } from '../model/failure.ts'
import type { SealingKey, SealingKeys } from './sealing-keys.ts'

const format = 'pomona-key-file/1'
const secretBytes = 32
const idForm = /^[A-Za-z0-9._-]{1,64}$/

export function encodeKeyFile({ keys, current, hashSecret }: SealingKeys): string {
  const text = {
    format,
    note: 'Whoever has this file can open every content token in the database. Back it up apart from the database.',
    current,
    keys: keys.map(({ id, secret }) => ({ id, secret: base64(secret) })),
    hashSecret: base64(hashSecret),
  }
  return `${JSON.stringify(text, null, 2)}\n`
}

/** Failure `misconfigured` saying what is wrong; it repeats nothing of the text but ids. */
export function parseKeyFile(text: string, path: string): SealingKeys {
  const refuse = (problem: string): never => {
    throw new Failure(
      'misconfigured',
      `The key file "${path}" ${problem}. Restore it from its backup; Pomona does not overwrite it.`,
    )
  }
  const file = jsonObject(text) ?? refuse('is not JSON text with one object')
  if (file.format !== format) refuse(`is not of the format "${format}"`)
  const secretIn = (value: unknown, name: string): Uint8Array => {
    const bytes = typeof value === 'string' ? Buffer.from(value, 'base64') : Buffer.of()
    return bytes.length === secretBytes
      ? bytes
      : refuse(`has no ${secretBytes} bytes of base64 as ${name}`)
  }
  const entries = Array.isArray(file.keys) ? file.keys : refuse('has no list "keys"')
  const keys = entries.map((entry: unknown): SealingKey => {
    const { id, secret } = isObject(entry) ? entry : {}
    if (typeof id !== 'string' || !idForm.test(id)) return refuse('has a key without a usable "id"')
    return { id, secret: secretIn(secret, `"secret" of the key "${id}"`) }
  })
  const { current } = file
  if (typeof current !== 'string' || !keys.some(({ id }) => id === current))
    return refuse('names no key of its list as "current"')
  if (new Set(keys.map(({ id }) => id)).size < keys.length)
    refuse('has two keys with the same "id"')
  return { keys, current, hashSecret: secretIn(file.hashSecret, '"hashSecret"') }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}

function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    // The parser's message quotes the text, which holds keys: the caller says only that it is no JSON.
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

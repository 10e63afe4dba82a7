/** The key file: JSON that a person can read, back up and keep apart from the database. */
import { randomBytes, randomUUID } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { link, mkdir, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Failure } from '../model/failure.ts'
import { encodeKeyFile, parseKeyFile } from './key-file-text.ts'
import type { SealingKey, SealingKeys } from './sealing-keys.ts'

const groupAndOthers = 0o077

/** The keys in the file; undefined when there is none. Failure `misconfigured` when it is open to others or unreadable. */
export async function findKeyFile(path: string): Promise<SealingKeys | undefined> {
  return keysIn(path)
}

/** As `findKeyFile`, without giving up the turn: a box looks again while it seals (following-box.ts). */
export function keysIn(path: string): SealingKeys | undefined {
  try {
    const { mode } = statSync(path)
    if ((mode & groupAndOthers) !== 0)
      throw new Failure(
        'misconfigured',
        `The key file "${path}" is open to other accounts of this machine (mode ${(mode & 0o777).toString(8)}). Take that away: chmod 600 "${path}"`,
      )
    return parseKeyFile(readFileSync(path, 'utf8'), path)
  } catch (error) {
    if (error instanceof Failure) throw error
    if (hasCode(error, 'ENOENT')) return undefined
    throw new Failure(
      'misconfigured',
      `The key file "${path}" cannot be read. Check that it is a file and belongs to the account that runs Pomona.`,
      { cause: error },
    )
  }
}

/** Makes the file (mode 0600, missing folders 0700) with fresh keys. When another process was first, its keys are answered. */
export async function makeKeyFile(path: string): Promise<SealingKeys> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await writeWhole(path, encodeKeyFile(freshKeys()))
  } catch (error) {
    throw new Failure(
      'misconfigured',
      `The key file "${path}" cannot be made. Check that its folder is there and writable for the account that runs Pomona.`,
      { cause: error },
    )
  }
  const keys = await findKeyFile(path)
  if (keys) return keys
  throw new Failure(
    'misconfigured',
    `The key file "${path}" was removed while it was being made. Start Pomona again.`,
  )
}

function freshKeys(): SealingKeys {
  const key = freshKey()
  return { keys: [key], current: key.id, hashSecret: randomBytes(32) }
}

export function freshKey(): SealingKey {
  return { id: randomBytes(4).toString('hex'), secret: randomBytes(32) }
}

/** The file appears under its name whole and on disk, or not at all: a link to it fails when the name is taken. */
async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID()}`
  try {
    await writeDraft(draft, text)
    await link(draft, path)
    await syncFolder(dirname(path))
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  } finally {
    await rm(draft, { force: true })
  }
}

export async function writeDraft(draft: string, text: string): Promise<void> {
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

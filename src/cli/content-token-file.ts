/** Reads a content token from a file or standard input (`-`), and refuses what is none before anything else happens (Apple 1.5). */
import { open } from 'node:fs/promises'
import { type ContentToken, parseContentToken } from '../model/content-token.ts'
import { fileTrouble } from './file-trouble.ts'
import { readInput } from './read-input.ts'

/** Far more than a content token has: enough to say that it is too large. */
const readBytes = 262_144

/** `text` is the file as it is, or its first 256 KiB: more than any content token. */
export async function readContentTokenFile(file: string): Promise<string> {
  if (file === '-') return readInput(readBytes)
  try {
    const handle = await open(file, 'r')
    try {
      const bytes = Buffer.alloc(readBytes)
      const { bytesRead } = await handle.read(bytes, 0, readBytes, 0)
      return bytes.toString('utf8', 0, bytesRead)
    } finally {
      await handle.close()
    }
  } catch (cause) {
    throw fileTrouble(file, cause)
  }
}

/** The class and sentence of why it is of no use, decided offline; undefined for a content token that has not expired. */
export function offlineProblem(
  text: string,
  now: string,
): { readonly class: string; readonly message: string } | undefined {
  const parsed = parseContentToken(text)
  if (!parsed.ok) return parsed.problem
  return parsed.value.expiration <= now ? expired(parsed.value) : undefined
}

export function expired({ expiration }: ContentToken) {
  return {
    class: 'F07',
    message: `This content token expired on ${expiration.slice(0, 10)} UTC. Download a new one.`,
  }
}

/** How a file is called in messages. */
export function nameOfFile(file: string): string {
  return file === '-' ? 'standard input' : file
}

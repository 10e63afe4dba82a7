import type { IncomingMessage } from 'node:http'

const longest = 16 * 1024 * 1024

export class BodyTooLong extends Error {
  constructor() {
    super('The body is longer than 16 MiB. Send less at once.')
  }
}

/** The body of a request; fails with BodyTooLong beyond 16 MiB. */
export async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    const bytes = chunk as Buffer
    length += bytes.length
    if (length > longest) throw new BodyTooLong()
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString('utf8')
}

import type { IncomingMessage } from 'node:http'

const longest = 16 * 1024 * 1024

/** The body of a request; a text beyond 16 MiB ends the connection. */
export async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    const bytes = chunk as Buffer
    length += bytes.length
    if (length > longest) throw new Error('The body is longer than 16 MiB.')
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString('utf8')
}

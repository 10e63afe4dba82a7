import { Failure } from '../model/failure.ts'

/** Standard input as text, up to `limit` bytes. Failure `misconfigured` at a terminal: nobody would know that it waits. */
export async function readInput(limit: number): Promise<string> {
  if (process.stdin.isTTY)
    throw new Failure(
      'misconfigured',
      'Nothing comes from standard input: it is the terminal. Send a file into it, as in: pomona … - < FILE.',
    )
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of process.stdin) {
    chunks.push(Buffer.from(chunk))
    bytes += chunk.length
    if (bytes >= limit) break
  }
  return Buffer.concat(chunks).toString('utf8', 0, limit)
}

/** Failure `misconfigured` when two things are to come from standard input. */
export function requireOneInput(file: string, secretFile: string | undefined): void {
  if (file === '-' && (secretFile ?? process.env.POMONA_CLIENT_SECRET_FILE) === '-')
    throw new Failure(
      'misconfigured',
      'The content token and the client secret cannot both come from standard input. Give one of them by a file.',
    )
}

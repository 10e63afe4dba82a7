import type { IncomingMessage } from 'node:http'
import { Failure } from '../model/failure.ts'

/**
 * Reads a whole body, refusing early what its length announces to be too large. `onReading` is called once it is known that
 * the body shall come. Failure `payloadTooLarge` beyond the limit (bytes), `badRequest` when the body ends before its end.
 */
export async function readWholeBody(
  message: IncomingMessage,
  limit: number,
  onReading: () => void,
): Promise<Uint8Array> {
  if (Number(message.headers['content-length'] ?? 0) > limit) throw tooLarge(limit)
  onReading()
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of message) {
      length += chunk.length
      if (length > limit) throw tooLarge(limit)
      chunks.push(chunk)
    }
  } catch (cause) {
    if (cause instanceof Failure) throw cause
    throw new Failure(
      'badRequest',
      'The request ended before its body was complete. Send it again.',
      {
        cause,
      },
    )
  }
  return Buffer.concat(chunks)
}

function tooLarge(limit: number): Failure {
  return new Failure(
    'payloadTooLarge',
    `The body is larger than ${Math.floor(limit / 1_024)} KiB, the most that is taken here. Send less in one request.`,
  )
}

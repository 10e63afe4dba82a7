/** Splits what a server sends on one connection into its answers, one at a time (RFC 9112). */

export interface Answer {
  readonly status: number
  readonly headers: string
  readonly body: Buffer
}

export interface AnswerReader {
  /** The answer, once its last byte has come. */
  read(chunk: Buffer): Answer | undefined
}

const headEnd = '\r\n\r\n'
const lastChunk = Buffer.from('0\r\n\r\n')

/** Knows what a client without pipelining needs: lengths, chunks, and answers that have no body. */
export function answerReader(): AnswerReader {
  let received: Buffer = Buffer.alloc(0)
  let head: { readonly text: string; readonly end: number } | undefined
  return {
    read(chunk) {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
      head ??= headOf(received)
      if (!head) return undefined
      const status = Number(head.text.slice(9, 12))
      const end = endOf(received, head, status)
      if (end === undefined) return undefined
      const answer = { status, headers: head.text, body: received.subarray(head.end, end) }
      received = received.subarray(end)
      head = undefined
      return answer
    },
  }
}

function headOf(received: Buffer) {
  const at = received.indexOf(headEnd)
  if (at < 0) return undefined
  return { text: received.toString('latin1', 0, at), end: at + headEnd.length }
}

/** Where the answer ends; undefined while it has not come whole. */
function endOf(
  received: Buffer,
  head: { readonly text: string; readonly end: number },
  status: number,
): number | undefined {
  if (status === 204 || status === 304) return head.end
  const length = /\r\ncontent-length: *(\d+)/i.exec(head.text)?.[1]
  if (length !== undefined) {
    const end = head.end + Number(length)
    return received.length >= end ? end : undefined
  }
  // The chunks themselves are of no interest here; JSON has no bare line break that could look like the last one.
  if (received.subarray(-lastChunk.length).equals(lastChunk)) return received.length
  return undefined
}

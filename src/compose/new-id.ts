import { randomBytes } from 'node:crypto'
import type { NewId } from '../model/ids.ts'

/**
 * GUIDs of version 7 (RFC 9562): 48 bits of time, then random; the 12 bits behind the version count within a millisecond,
 * so that ids made here rise even when the clock stands still or steps back.
 */
export function timeOrderedIds(now: () => Date): NewId {
  let lastMs = 0
  let count = 0
  const nextRandom = randomPieces(8)
  return () => {
    const ms = now().getTime()
    if (ms > lastMs) {
      lastMs = ms
      count = randomBytes(2).readUInt16BE() & 0x3ff
    } else if (++count > 0xfff) {
      lastMs++
      count = 0
    }
    const time = lastMs.toString(16).padStart(12, '0')
    const tail = nextRandom()
    tail.writeUInt8((tail.readUInt8(0) & 0x3f) | 0x80, 0)
    const counted = (0x7000 | count).toString(16)
    const random = tail.toString('hex')
    return `${time.slice(0, 8)}-${time.slice(8)}-${counted}-${random.slice(0, 4)}-${random.slice(4)}`
  }
}

/** Fresh random bytes in pieces of one size, fetched many at a time: each call to the system costs more than the bytes. */
function randomPieces(size: number): () => Buffer {
  let pool = Buffer.alloc(0)
  return () => {
    if (pool.length < size) pool = randomBytes(size * 512)
    const piece = pool.subarray(0, size)
    pool = pool.subarray(size)
    return piece
  }
}

/**
 * The few shapes of DER that name lists are made of. The certificate library has no name constraints, and its
 * reader of addresses gets ::ffff:127.0.0.1 wrong, so names are written and read here and nowhere else.
 */

export const tag = {
  sequence: 0x30,
  dnsName: 0x82,
  ipAddress: 0x87,
  permittedSubtrees: 0xa0,
  excludedSubtrees: 0xa1,
} as const

export type Element = { readonly tag: number; readonly content: Buffer }

export function encodeElement(elementTag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents)
  return Buffer.concat([Buffer.from([elementTag, ...encodeLength(content.length)]), content])
}

function encodeLength(length: number): number[] {
  if (length < 0x80) return [length]
  const bytes: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  return [0x80 | bytes.length, ...bytes]
}

/** The elements standing one after the other in `bytes`. Throws if they do not fill it exactly. */
export function readElements(bytes: Buffer): Element[] {
  const elements: Element[] = []
  let position = 0
  while (position < bytes.length) {
    const { start, length } = readLength(bytes, position + 1)
    const end = start + length
    if (end > bytes.length) throw unreadable()
    elements.push({ tag: bytes.readUInt8(position), content: bytes.subarray(start, end) })
    position = end
  }
  return elements
}

function readLength(bytes: Buffer, position: number): { start: number; length: number } {
  if (position >= bytes.length) throw unreadable()
  const first = bytes.readUInt8(position)
  const start = position + 1
  if (first < 0x80) return { start, length: first }
  const size = first & 0x7f
  // Four bytes of length are more than any certificate has; 0 would be the indefinite form, which DER forbids.
  if (size === 0 || size > 4 || start + size > bytes.length) throw unreadable()
  return { start: start + size, length: bytes.readUIntBE(start, size) }
}

function unreadable(): Error {
  return new Error(
    'The name constraints of the certificate authority cannot be read: the bytes are cut short or not DER. Restore its certificate, or create a new authority.',
  )
}

/** The id of a licence in use: the same over all syncs, as long as the licence stays where it is (Apple 9.2). */
import { createHash } from 'node:crypto'

/** Pomona's own namespace for these ids (RFC 9562, version 5). */
const namespace = Buffer.from('7a1d4c52f0c35e0c9a3ab6c1c0ffee05', 'hex')

export function licenseId(
  uId: string,
  { adamId, pricingParam, target }: { adamId: string; pricingParam: string; target: string },
): string {
  const hash = createHash('sha1')
    .update(namespace)
    .update([uId, adamId, pricingParam, target].join('|'))
    .digest()
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6)
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = hash.toString('hex', 0, 16)
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

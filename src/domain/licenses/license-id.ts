/** The id of a licence in use: the same over all syncs, as long as the licence stays where it is (Apple 9.2). */
import { hash } from 'node:crypto'
import type { LicensePair } from '../../model/apple-write.ts'

/** Pomona's own namespace for these ids (RFC 9562, version 5). */
const namespace = Buffer.from('7a1d4c52f0c35e0c9a3ab6c1c0ffee05', 'hex')

/** What an id is made from. `uId`: of the location that the licence belongs to. */
export type NamedPair = Pick<LicensePair, 'adamId' | 'pricingParam' | 'target'>

export function licenseId(uId: string, pair: NamedPair): string {
  const hex = hashOf(uId, pair)
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0b0011) | 0b1000).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** Whether the licence of a pair has this id, for very many pairs: most of them differ in the first digits. */
export function isIdOf(id: string, uId: string, pair: NamedPair): boolean {
  return hashOf(uId, pair).startsWith(id.slice(0, 8)) && licenseId(uId, pair) === id
}

/** 40 hex digits. */
function hashOf(uId: string, { adamId, pricingParam, target }: NamedPair): string {
  const name = Buffer.from(`${uId}|${adamId}|${pricingParam}|${target}`)
  return hash('sha1', Buffer.concat([namespace, name]), 'hex')
}

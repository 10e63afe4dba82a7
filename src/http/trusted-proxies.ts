/**
 * Who really asks, when a proxy stands in front (graph H10). Only what a trusted proxy's address says is believed; from
 * anybody else the same headers are words of the caller.
 *
 * `X-Forwarded-For`, `-Host` and `-Proto` are read; the standard's `Forwarded` is not: a proxy that writes one kind passes
 * the other on as the caller sent it, so whoever reads both believes the caller.
 */
import { BlockList, isIP, isIPv4 } from 'node:net'
import { Failure } from '../model/failure.ts'

type Headers = Readonly<Record<string, string | undefined>>

export interface Seen {
  /** Without port and zone; empty when the connection has none. */
  readonly remoteAddress: string
  /** As a proxy tells it; undefined = nobody who may has told. */
  readonly host?: string
  /** `http:` or `https:`, likewise. */
  readonly protocol?: string
}

export interface TrustedProxies {
  trusts(address: string): boolean
  /** `address`: the other end of the connection. */
  seenFrom(address: string, headers: Headers): Seen
}

/** Addresses and ranges such as `10.0.0.0/8`, `192.0.2.7` or `fd00::/8`. Failure `misconfigured` names the one that is neither. */
export function trustedProxies(ranges: readonly string[]): TrustedProxies {
  const list = new BlockList()
  for (const range of ranges) addRange(list, range)
  const trusts = (address: string) =>
    ranges.length > 0 && isIP(address) !== 0 && list.check(address, familyOf(address))
  return {
    trusts: (address) => trusts(plainAddress(address)),
    seenFrom(address, headers) {
      const nearest = plainAddress(address)
      if (!trusts(nearest)) return { remoteAddress: nearest }
      const host = lastOf(headers['x-forwarded-host'])
      const protocol = lastOf(headers['x-forwarded-proto'])?.toLowerCase()
      return {
        remoteAddress: firstStranger(nearest, headers['x-forwarded-for'], trusts),
        ...(host === undefined ? {} : { host }),
        ...(protocol === 'http' || protocol === 'https' ? { protocol: `${protocol}:` } : {}),
      }
    },
  }
}

/** Each proxy adds whom it was asked by at the end: back from there as far as those who tell it are trusted. */
function firstStranger(
  nearest: string,
  forwardedFor: string | undefined,
  trusts: (address: string) => boolean,
): string {
  let found = nearest
  for (const told of valuesOf(forwardedFor).reverse()) {
    const address = addressIn(told)
    if (!trusts(found) || address === undefined) break
    found = address
  }
  return found
}

/** `192.0.2.1`, `192.0.2.1:443`, `2001:db8::1` and `[2001:db8::1]:443` are all in use. */
function addressIn(told: string): string | undefined {
  const [, bracketed, dotted] =
    /^(?:\[([^\]]+)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+)(?::\d+)?)$/.exec(told) ?? []
  const address = plainAddress(bracketed ?? dotted ?? told)
  return isIP(address) === 0 ? undefined : address
}

/** An IPv4 address that came over an IPv6 socket is written as itself; a zone names only an interface of this machine. */
export function plainAddress(address: string): string {
  const plain = address.split('%', 1)[0] ?? ''
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1] ?? plain
}

/** The nearest proxy writes last. */
function lastOf(header: string | undefined): string | undefined {
  return valuesOf(header).at(-1)
}

function valuesOf(header = ''): string[] {
  return header
    .split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '')
}

function addRange(list: BlockList, range: string): void {
  const [, address = '', digits] = /^([0-9a-fA-F.:]+)(?:\/(\d{1,3}))?$/.exec(range) ?? []
  const longest = isIPv4(address) ? 32 : 128
  const length = digits === undefined ? longest : Number(digits)
  if (isIP(address) === 0 || length > longest)
    throw new Failure(
      'misconfigured',
      `The trusted proxy '${range}' is neither an address nor a range. Write it like 192.0.2.7, 10.0.0.0/8 or fd00::/8.`,
      { property: 'trusted-proxy' },
    )
  list.addSubnet(address, length, familyOf(address))
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv4(address) ? 'ipv4' : 'ipv6'
}

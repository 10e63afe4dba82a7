import { isIP } from 'node:net'

/** What a server may be called. Names are given as a person writes them: `localhost`, `127.0.0.1`, `::1`. */
export type HostNames = {
  readonly dnsNames: readonly string[]
  readonly ipAddresses: readonly string[]
}

/** One name in the form certificates carry: lower-case ASCII text, or the 4 or 16 bytes of an address. */
export type HostName =
  | { readonly kind: 'dns'; readonly text: string }
  | { readonly kind: 'ip'; readonly text: string; readonly bytes: Uint8Array }

/** The names in the order given, DNS first, each once. Throws on the first that is malformed. */
export function readHostNames({ dnsNames, ipAddresses }: HostNames): HostName[] {
  return [
    ...[...new Set(dnsNames.map(readDnsName))].map((text) => ({ kind: 'dns' as const, text })),
    ...[...new Map(ipAddresses.map((text) => [readAddress(text).toString('hex'), text]))].map(
      ([hex, text]) => ({ kind: 'ip' as const, text, bytes: Buffer.from(hex, 'hex') }),
    ),
  ]
}

// Underscores are no host name by the letter, but container names have them and clients accept them.
const label = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/

function readDnsName(given: string): string {
  const name = given.toLowerCase()
  if (isIP(name) !== 0) {
    throw new Error(
      `"${given}" is an IP address, but stands among the DNS names. Clients look an address up among the IP names only. Move it to ipAddresses.`,
    )
  }
  if (name.length > 253 || !name.split('.').every((part) => label.test(part))) {
    throw new Error(
      `"${given}" is not a DNS name that a certificate can carry. Wildcards, a dot at either end, ports and letters outside ASCII are not taken. Write it like localhost or server.example.com, an international name in its xn-- form.`,
    )
  }
  return name
}

function readAddress(given: string): Buffer {
  // A zone (fe80::1%eth0) names an interface of one machine and has no place in a certificate.
  const version = given.includes('%') ? 0 : isIP(given)
  if (version === 4) return Buffer.from(given.split('.').map(Number))
  if (version === 6) return readIpv6(given)
  throw new Error(
    `"${given}" is not an IP address. A certificate carries single addresses, without port, prefix length or zone. Write it like 127.0.0.1 or ::1, or move it to dnsNames if it is a name.`,
  )
}

function readIpv6(given: string): Buffer {
  // The URL parser turns every spelling, also ::ffff:127.0.0.1, into groups of hex digits with at most one ::.
  const [head = '', tail] = new URL(`http://[${given}]`).hostname.slice(1, -1).split('::')
  const before = groups(head)
  const after = groups(tail ?? '')
  const zeros = new Array<string>(8 - before.length - after.length).fill('')
  const hex = [...before, ...zeros, ...after].map((group) => group.padStart(4, '0')).join('')
  return Buffer.from(hex, 'hex')
}

function groups(text: string): string[] {
  return text === '' ? [] : text.split(':')
}

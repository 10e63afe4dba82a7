import { encodeElement, readElements, tag } from './der.ts'
import type { HostName } from './host-names.ts'

/** RFC 5280, 4.2.1.10: which names a certificate authority may vouch for. */
export type NameConstraints = {
  readonly permitted: readonly Subtree[]
  readonly excluded: readonly Subtree[]
}

/** A DNS name with everything below it ('' is every name), or the addresses that agree where the mask has ones. */
export type Subtree =
  | { readonly kind: 'dns'; readonly base: string }
  | { readonly kind: 'ip'; readonly address: Uint8Array; readonly mask: Uint8Array }

/**
 * Constraints that permit these names (and subdomains of the DNS names) and no other DNS name or address.
 * A kind of name that constraints do not mention stays free, so a kind without any name is excluded as a whole.
 */
export function constrainTo(names: readonly HostName[]): NameConstraints {
  const everything: readonly Subtree[] = [
    { kind: 'dns', base: '' },
    { kind: 'ip', address: Buffer.alloc(4), mask: Buffer.alloc(4) },
    { kind: 'ip', address: Buffer.alloc(16), mask: Buffer.alloc(16) },
  ]
  return {
    permitted: names.map((name) =>
      name.kind === 'dns'
        ? { kind: 'dns', base: name.text }
        : { kind: 'ip', address: name.bytes, mask: Buffer.alloc(name.bytes.length, 0xff) },
    ),
    excluded: everything.filter((subtree) => !names.some((name) => isWithin(name, subtree))),
  }
}

/** The rule a client applies: in no excluded subtree, and in a permitted one if there is any of that kind. */
export function permits({ permitted, excluded }: NameConstraints, name: HostName): boolean {
  if (excluded.some((subtree) => isWithin(name, subtree))) return false
  const ofKind = permitted.filter((subtree) => subtree.kind === name.kind)
  return ofKind.length === 0 || ofKind.some((subtree) => isWithin(name, subtree))
}

function isWithin(name: HostName, subtree: Subtree): boolean {
  if (name.kind === 'dns') {
    if (subtree.kind !== 'dns') return false
    const { base } = subtree
    return base === '' || name.text === base || name.text.endsWith(`.${base}`)
  }
  if (subtree.kind !== 'ip') return false
  const { address, mask } = subtree
  return (
    name.bytes.length === address.length &&
    name.bytes.every((byte, i) => ((byte ^ (address[i] ?? 0)) & (mask[i] ?? 0)) === 0)
  )
}

/** The value of the extension. A list without entries is left out: the standard forbids an empty one. */
export function encodeNameConstraints({ permitted, excluded }: NameConstraints): Buffer {
  const lists: Buffer[] = []
  if (permitted.length > 0) {
    lists.push(encodeElement(tag.permittedSubtrees, ...permitted.map(encodeSubtree)))
  }
  if (excluded.length > 0) {
    lists.push(encodeElement(tag.excludedSubtrees, ...excluded.map(encodeSubtree)))
  }
  return encodeElement(tag.sequence, ...lists)
}

function encodeSubtree(subtree: Subtree): Buffer {
  return encodeElement(
    tag.sequence,
    subtree.kind === 'dns'
      ? encodeElement(tag.dnsName, Buffer.from(subtree.base, 'ascii'))
      : encodeElement(tag.ipAddress, subtree.address, subtree.mask),
  )
}

/** Throws on anything `encodeNameConstraints` does not write: a constraint half understood would be no constraint. */
export function decodeNameConstraints(value: Buffer): NameConstraints {
  const permitted: Subtree[] = []
  const excluded: Subtree[] = []
  const [outer, ...beyond] = readElements(value)
  if (outer?.tag !== tag.sequence || beyond.length > 0) throw notOurs()
  for (const list of readElements(outer.content)) {
    const subtrees = readElements(list.content).map(({ content }) => decodeSubtree(content))
    if (list.tag === tag.permittedSubtrees) permitted.push(...subtrees)
    else if (list.tag === tag.excludedSubtrees) excluded.push(...subtrees)
    else throw notOurs()
  }
  return { permitted, excluded }
}

function decodeSubtree(content: Buffer): Subtree {
  const [base, ...bounds] = readElements(content)
  if (bounds.length > 0) throw notOurs()
  if (base?.tag === tag.dnsName) return { kind: 'dns', base: base.content.toString('ascii') }
  const size = base?.content.length
  if (base?.tag !== tag.ipAddress || (size !== 8 && size !== 32)) throw notOurs()
  return {
    kind: 'ip',
    address: base.content.subarray(0, size / 2),
    mask: base.content.subarray(size / 2),
  }
}

function notOurs(): Error {
  return new Error(
    'The name constraints of the certificate authority hold something other than DNS names and IP addresses. This authority was not made here, so which names it may sign is unknown. Use one made by createLocalCa.',
  )
}

/** Who stands behind an address: an IPv4 address itself, of IPv6 the first 64 bits, which one customer usually holds whole. */
import { isIPv6 } from 'node:net'

export function networkOf(address: string): string {
  const plain = address.split('%', 1)[0] ?? ''
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1]
  if (mapped) return mapped
  if (!isIPv6(plain)) return plain
  const [head = '', tail = ''] = plain.split('::')
  const first = groups(head)
  const last = groups(tail)
  const zeros: string[] = plain.includes('::')
    ? new Array(8 - first.length - last.length).fill('0')
    : []
  return `${[...first, ...zeros, ...last].slice(0, 4).join(':')}::/64`
}

/** An IPv4 tail counts as two groups; it never reaches into the first four. */
function groups(text: string): string[] {
  if (text === '') return []
  return text
    .split(':')
    .flatMap((group) =>
      group.includes('.') ? ['0', '0'] : [Number.parseInt(group, 16).toString(16)],
    )
}

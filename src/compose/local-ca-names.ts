/** Which names the certificate of a local CA lets it vouch for. */
// The certificate library fails to load without this first.
import 'reflect-metadata'
import { X509Certificate } from '@peculiar/x509'
import { type HostNames, readHostNames } from '../../local-tls/host-names.ts'
import { nameConstraintsOid } from '../../local-tls/local-ca.ts'
import { decodeNameConstraints, permits } from '../../local-tls/name-constraints.ts'

export function mayVouchFor(caPem: string, names: HostNames): boolean {
  const constraints = constraintsOf(caPem)
  return (
    constraints !== undefined && readHostNames(names).every((name) => permits(constraints, name))
  )
}

/** Both the CA's names and the given ones. */
export function namesWith(caPem: string, names: HostNames): HostNames {
  const permitted = constraintsOf(caPem)?.permitted ?? []
  const dnsNames = permitted.flatMap((subtree) => (subtree.kind === 'dns' ? [subtree.base] : []))
  const ipAddresses = permitted.flatMap((subtree) =>
    subtree.kind === 'ip' ? [addressOf(subtree.address)] : [],
  )
  return {
    dnsNames: [...new Set([...dnsNames, ...names.dnsNames])],
    ipAddresses: [...new Set([...ipAddresses, ...names.ipAddresses])],
  }
}

function constraintsOf(caPem: string) {
  const extension = new X509Certificate(caPem).getExtension(nameConstraintsOid)
  return extension === null ? undefined : decodeNameConstraints(Buffer.from(extension.value))
}

function addressOf(bytes: Uint8Array): string {
  if (bytes.length === 4) return [...bytes].join('.')
  const groups = Array.from({ length: 8 }, (_, place) =>
    (((bytes[place * 2] ?? 0) << 8) | (bytes[place * 2 + 1] ?? 0)).toString(16),
  )
  // In its shortest spelling.
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}

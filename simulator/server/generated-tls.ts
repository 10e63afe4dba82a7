import { issueLeaf } from '../../local-tls/leaf.ts'
import { createLocalCa } from '../../local-tls/local-ca.ts'
import type { TlsFiles } from './listener.ts'

const hourMs = 60 * 60 * 1000
const yearMs = 365 * 24 * hourMs

/**
 * HTTPS out of nothing: a certificate for this machine and for `hosts`, and the authority to trust for it, whose key
 * is forgotten at once. Good for a year of real time, because clients compare with their own clocks.
 */
export async function generateTls(
  hosts: readonly string[],
  now: Date,
): Promise<{ tls: TlsFiles; caPem: string }> {
  const names = namesOf([...hosts, 'localhost', '127.0.0.1', '::1'])
  const validity = {
    notBefore: new Date(now.getTime() - hourMs),
    notAfter: new Date(now.getTime() + yearMs),
  }
  const ca = await createLocalCa({ commonName: 'Simulator authority', ...names, ...validity })
  const leaf = await issueLeaf({ ca, ...names, ...validity })
  return {
    tls: { cert: leaf.certificatePem, key: leaf.privateKeyPem },
    caPem: ca.certificatePem,
  }
}

function namesOf(hosts: readonly string[]) {
  const distinct = [...new Set(hosts)].filter((host) => !isEveryAddress(host))
  const isAddress = (host: string) => /^[\d.]+$|:/.test(host)
  return {
    dnsNames: distinct.filter((host) => !isAddress(host)),
    ipAddresses: distinct.filter(isAddress),
  }
}

/** A listener on all addresses has no name of its own. */
function isEveryAddress(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}

/**
 * HTTPS without asking anybody: a server certificate by the instance's own CA, its key sealed, issued anew long before its
 * end or when it lacks a name.
 */
import { writeFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import type { HostNames } from '../../local-tls/host-names.ts'
import type { CertificateAndKey } from '../../local-tls/signing.ts'
import { isUsable } from '../../local-tls/usable-leaf.ts'
import type { ListenAddress } from '../config/setting-kinds.ts'
import { isAnyAddress } from '../http/host-names.ts'
import type { Observe } from '../ports/observer.ts'
import type { SecretBox, SecretPlace } from '../ports/secret-box.ts'
import type { Storage } from '../ports/storage.ts'
import type { CertificateSource } from './certificate-source.ts'

/** The instance's fact that holds the CA's certificate. */
export const caFact = 'localCa.certificate'
const leafFact = 'localLeaf.certificate'
const leafKeyPlace: SecretPlace = { tenantId: '', recordId: 'localLeaf', property: 'leafKey' }

const leafRenewalDays = 30
const lookEachMs = 43_200_000

export interface LocalCertificate extends CertificateSource {
  /** Where the CA's certificate stands, for clients to trust. */
  readonly caFile: string
}

export interface LocalCaRooms {
  readonly storage: Storage
  readonly secretBox: SecretBox
  readonly dataDir: string
  readonly names: HostNames
  readonly now: () => Date
  readonly observe: Observe
}

export async function localCertificate(rooms: LocalCaRooms): Promise<LocalCertificate> {
  const caFile = join(rooms.dataDir, 'ca.pem')
  let current = (await storedLeaf(rooms, caFile)) ?? (await freshLeaf(rooms, caFile))
  return {
    first: current,
    caFile,
    lookEachMs,
    async renewed() {
      if (isUsable(current.certificatePem, questionFor(rooms))) return undefined
      current = await freshLeaf(rooms, caFile)
      return current
    },
  }
}

/** Loopback names always; the address that is listened on when it is one of its own; the hosts of the public origins. */
export function localNames({ host }: ListenAddress, origins: readonly string[]): HostNames {
  const hosts = [
    ...(isAnyAddress(host) ? [] : [host]),
    ...origins.map((origin) => new URL(origin).hostname.replace(/^\[|\]$/g, '')),
  ]
  return {
    dnsNames: [...new Set(['localhost', ...hosts.filter((name) => isIP(name) === 0)])],
    ipAddresses: [...new Set(['127.0.0.1', '::1', ...hosts.filter((name) => isIP(name) !== 0)])],
  }
}

function questionFor({ names, now }: LocalCaRooms) {
  return { ...names, at: now(), marginDays: leafRenewalDays }
}

/** The certificate of the start before, if it lasts, has the names and is by the CA that stands now. */
async function storedLeaf(
  rooms: LocalCaRooms,
  caFile: string,
): Promise<CertificateAndKey | undefined> {
  const { facts, secrets } = rooms.storage.instance.reads
  const [caPem, certificatePem, sealed] = [
    await facts.find(caFact),
    await facts.find(leafFact),
    await secrets.find(leafKeyPlace),
  ]
  if (caPem === undefined || certificatePem === undefined || sealed === undefined) return undefined
  const question = { ...questionFor(rooms), caCertificatePem: caPem }
  if (!isUsable(certificatePem, question)) return undefined
  await writeFile(caFile, caPem)
  return { certificatePem, privateKeyPem: rooms.secretBox.open(leafKeyPlace, sealed) }
}

async function freshLeaf(rooms: LocalCaRooms, caFile: string): Promise<CertificateAndKey> {
  const { issueLocalLeaf } = await import('./local-authority.ts')
  const { leaf, caPem } = await issueLocalLeaf(rooms)
  const sealed = rooms.secretBox.seal(leafKeyPlace, leaf.privateKeyPem)
  await rooms.storage.instance.transaction(async ({ facts, secrets }) => {
    await facts.put(leafFact, leaf.certificatePem)
    await secrets.put(leafKeyPlace, sealed)
  })
  await writeFile(caFile, caPem)
  return leaf
}

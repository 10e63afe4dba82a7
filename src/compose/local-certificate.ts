/**
 * HTTPS without asking anybody: a CA of this instance, made on first start and allowed to speak for its own names only, its
 * key sealed; and a server certificate made anew at each start and long before its end, its key never stored.
 */
import { X509Certificate } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import type { HostNames } from '../../local-tls/host-names.ts'
import { issueLeaf, isUsable } from '../../local-tls/leaf.ts'
import { createLocalCa } from '../../local-tls/local-ca.ts'
import type { CertificateAndKey } from '../../local-tls/signing.ts'
import type { ListenAddress } from '../config/settings.ts'
import { isAnyAddress } from '../http/host-names.ts'
import type { Observe } from '../ports/observer.ts'
import type { SecretBox, SecretPlace } from '../ports/secret-box.ts'
import type { Storage } from '../ports/storage.ts'
import type { CertificateSource } from './certificate-source.ts'
import { mayVouchFor, namesWith } from './local-ca-names.ts'

const factName = 'localCa.certificate'
const keyPlace: SecretPlace = { tenantId: '', recordId: 'localCa', property: 'caKey' }

const dayMs = 86_400_000
const caDays = 3_650
/** Longest life that clients accept of a server certificate of a private CA. */
const leafDays = 825
const leafRenewalDays = 30
/** Before the leaf would be cut short by it. */
const caRenewalDays = 60
const lookEachMs = dayMs / 2

export interface LocalCertificate extends CertificateSource {
  /** Where the CA's certificate stands, for clients to trust. */
  readonly caFile: string
}

interface LocalCaRooms {
  readonly storage: Storage
  readonly secretBox: SecretBox
  readonly dataDir: string
  readonly names: HostNames
  readonly now: () => Date
  readonly observe: Observe
}

export async function localCertificate(rooms: LocalCaRooms): Promise<LocalCertificate> {
  const { names, now } = rooms
  const caFile = join(rooms.dataDir, 'ca.pem')
  let current = await issued(rooms, caFile)
  return {
    first: current,
    caFile,
    lookEachMs,
    async renewed() {
      const question = { ...names, at: now(), marginDays: leafRenewalDays }
      if (isUsable(current.certificatePem, question)) return undefined
      current = await issued(rooms, caFile)
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

async function issued(rooms: LocalCaRooms, caFile: string): Promise<CertificateAndKey> {
  const { names, now } = rooms
  const ca = await usableCa(rooms)
  const nowMs = now().getTime()
  const caEnd = new X509Certificate(ca.certificatePem).validToDate
  const leaf = await issueLeaf({
    ca,
    ...names,
    notBefore: new Date(nowMs - dayMs),
    notAfter: new Date(Math.min(nowMs + leafDays * dayMs, caEnd.getTime())),
  })
  await writeFile(caFile, ca.certificatePem)
  return leaf
}

/**
 * The stored CA as long as it lasts and may vouch for the names. Another one takes its place otherwise, for the old names
 * as well, so that nodes with different settings agree on one; clients must be told to trust it.
 */
async function usableCa(rooms: LocalCaRooms): Promise<CertificateAndKey> {
  const { names, now, observe } = rooms
  const stored = await storedCa(rooms)
  if (stored === undefined) return madeCa(rooms, names, undefined)
  const end = new X509Certificate(stored.certificatePem).validToDate
  const isLasting = end.getTime() - now().getTime() > caRenewalDays * dayMs
  if (isLasting && mayVouchFor(stored.certificatePem, names)) return stored
  const wider = namesWith(stored.certificatePem, names)
  const made = await madeCa(rooms, wider, stored.certificatePem)
  observe({ kind: 'localCaReplaced', names: [...wider.dnsNames, ...wider.ipAddresses] })
  return made
}

async function storedCa({
  storage,
  secretBox,
}: {
  readonly storage: Storage
  readonly secretBox: SecretBox
}): Promise<CertificateAndKey | undefined> {
  const { facts, secrets } = storage.instance.reads
  const [certificatePem, sealed] = [await facts.find(factName), await secrets.find(keyPlace)]
  if (certificatePem === undefined || sealed === undefined) return undefined
  return { certificatePem, privateKeyPem: secretBox.open(keyPlace, sealed) }
}

/** Two starts at once: whichever CA is written first in the place of `replaced` is the one that both use. */
async function madeCa(
  rooms: LocalCaRooms,
  names: HostNames,
  replaced: string | undefined,
): Promise<CertificateAndKey> {
  const nowMs = rooms.now().getTime()
  const made = await createLocalCa({
    commonName: 'Pomona local CA',
    ...names,
    notBefore: new Date(nowMs - dayMs),
    notAfter: new Date(nowMs + caDays * dayMs),
  })
  const sealed = rooms.secretBox.seal(keyPlace, made.privateKeyPem)
  await rooms.storage.instance.transaction(async ({ facts, secrets }) => {
    if ((await facts.find(factName)) !== replaced) return
    await facts.put(factName, made.certificatePem)
    await secrets.put(keyPlace, sealed)
  })
  return (await storedCa(rooms)) ?? made
}

/**
 * The CA of this instance: made on first start, allowed to speak for its own names only, its key sealed. Loaded only when a
 * server certificate must be issued, since the certificate library is slow to load.
 */
import { X509Certificate } from 'node:crypto'
import type { HostNames } from '../../local-tls/host-names.ts'
import { issueLeaf } from '../../local-tls/leaf.ts'
import { createLocalCa } from '../../local-tls/local-ca.ts'
import type { CertificateAndKey } from '../../local-tls/signing.ts'
import type { SecretBox, SecretPlace } from '../ports/secret-box.ts'
import type { Storage } from '../ports/storage.ts'
import { mayVouchFor, namesWith } from './local-ca-names.ts'
import { caFact, type LocalCaRooms } from './local-certificate.ts'

const keyPlace: SecretPlace = { tenantId: '', recordId: 'localCa', property: 'caKey' }

const dayMs = 86_400_000
const caDays = 3_650
/** Longest life that clients accept of a server certificate of a private CA. */
const leafDays = 825
/** Before the leaf would be cut short by it. */
const caRenewalDays = 60

export interface Issued {
  readonly leaf: CertificateAndKey
  readonly caPem: string
}

/** A server certificate for the names, by the stored CA or by one made for them. */
export async function issueLocalLeaf(rooms: LocalCaRooms): Promise<Issued> {
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
  return { leaf, caPem: ca.certificatePem }
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
  const [certificatePem, sealed] = [await facts.find(caFact), await secrets.find(keyPlace)]
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
    if ((await facts.find(caFact)) !== replaced) return
    await facts.put(caFact, made.certificatePem)
    await secrets.put(keyPlace, sealed)
  })
  return (await storedCa(rooms)) ?? made
}

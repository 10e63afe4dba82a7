/**
 * HTTPS without asking anybody: a CA of this instance, made on first start and allowed to speak for its own names only, its
 * key sealed; and a server certificate made anew at each start, its key never stored.
 */
import { X509Certificate } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { issueLeaf } from '../../local-tls/leaf.ts'
import { createLocalCa } from '../../local-tls/local-ca.ts'
import type { CertificateAndKey } from '../../local-tls/signing.ts'
import type { SecretBox, SecretPlace } from '../ports/secret-box.ts'
import type { Storage } from '../ports/storage.ts'

const factName = 'localCa.certificate'
const keyPlace: SecretPlace = { tenantId: '', recordId: 'localCa', property: 'caKey' }

const dayMs = 86_400_000
const caDays = 3_650
/** Longest life that clients accept of a server certificate of a private CA. */
const leafDays = 825

export interface HostNames {
  readonly dnsNames: readonly string[]
  readonly ipAddresses: readonly string[]
}

export interface LocalCertificate {
  readonly certificatePem: string
  readonly privateKeyPem: string
  /** Where the CA's certificate stands, for clients to trust. */
  readonly caFile: string
}

export async function localCertificate(given: {
  readonly storage: Storage
  readonly secretBox: SecretBox
  readonly dataDir: string
  readonly names: HostNames
  readonly now: Date
}): Promise<LocalCertificate> {
  const ca = (await storedCa(given)) ?? (await madeCa(given))
  const caEnd = new X509Certificate(ca.certificatePem).validToDate
  const leaf = await issueLeaf({
    ca,
    dnsNames: [...given.names.dnsNames],
    ipAddresses: [...given.names.ipAddresses],
    notBefore: new Date(given.now.getTime() - dayMs),
    notAfter: new Date(Math.min(given.now.getTime() + leafDays * dayMs, caEnd.getTime())),
  })
  const caFile = join(given.dataDir, 'ca.pem')
  await writeFile(caFile, ca.certificatePem)
  return { ...leaf, caFile }
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

/** Two first starts at once: whichever is written first is the one that both use. */
async function madeCa(given: {
  readonly storage: Storage
  readonly secretBox: SecretBox
  readonly names: HostNames
  readonly now: Date
}): Promise<CertificateAndKey> {
  const made = await createLocalCa({
    commonName: 'Pomona local CA',
    dnsNames: [...given.names.dnsNames],
    ipAddresses: [...given.names.ipAddresses],
    notBefore: new Date(given.now.getTime() - dayMs),
    notAfter: new Date(given.now.getTime() + caDays * dayMs),
  })
  const sealed = given.secretBox.seal(keyPlace, made.privateKeyPem)
  await given.storage.instance.transaction(async ({ facts, secrets }) => {
    if ((await facts.find(factName)) !== undefined) return
    await facts.put(factName, made.certificatePem)
    await secrets.put(keyPlace, sealed)
  })
  return (await storedCa(given)) ?? made
}

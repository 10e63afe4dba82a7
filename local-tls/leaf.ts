// The certificate library resolves its parts through decorator metadata and fails to load without this first.
import 'reflect-metadata'
import { createPrivateKey, X509Certificate as NodeCertificate } from 'node:crypto'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { encodeElement, tag } from './der.ts'
import { type HostName, type HostNames, readHostNames } from './host-names.ts'
import { nameConstraintsOid } from './local-ca.ts'
import { decodeNameConstraints, permits } from './name-constraints.ts'
import {
  type CertificateAndKey,
  checkValidity,
  createKeyPair,
  createSerialNumber,
  readKeyPair,
  signingAlgorithm,
  toPem,
  type Validity,
} from './signing.ts'

const subjectAlternativeNameOid = '2.5.29.17'

export type LeafRequest = HostNames & Validity & { readonly ca: CertificateAndKey }

/**
 * A server certificate for all the given names, signed by a certificate authority from `createLocalCa`.
 *
 * Throws on a malformed name, on no name at all, on dates out of order, on a name the authority may not vouch for, on
 * an end later than the authority's own, and on an authority whose certificate and key do not belong together:
 * clients would refuse each of these, and their messages seldom say why.
 */
export async function issueLeaf(request: LeafRequest): Promise<CertificateAndKey> {
  const { ca, notBefore, notAfter } = request
  checkValidity(request)
  const names = readHostNames(request)
  if (names.length === 0) {
    throw new Error(
      'The server certificate is given no names, and clients would accept it for none. Pass at least one of dnsNames and ipAddresses.',
    )
  }
  const caCertificate = new X509Certificate(ca.certificatePem)
  checkKeyBelongs(ca)
  checkEnd(notAfter, caCertificate)
  checkPermitted(names, caCertificate)

  const keys = await createKeyPair()
  const caKeys = await readKeyPair(ca.privateKeyPem)
  const certificate = await X509CertificateGenerator.create({
    serialNumber: createSerialNumber(),
    // Clients read the alternative names only. The blanks keep older ones from taking this for a host name.
    subject: [{ CN: ['local TLS server'] }],
    issuer: caCertificate.subjectName,
    notBefore,
    notAfter,
    publicKey: keys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new Extension(subjectAlternativeNameOid, false, encodeAlternativeNames(names)),
      await AuthorityKeyIdentifierExtension.create(caKeys.publicKey),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return toPem(certificate, keys)
}

function encodeAlternativeNames(names: readonly HostName[]): Buffer {
  return encodeElement(
    tag.sequence,
    ...names.map((name) =>
      name.kind === 'dns'
        ? encodeElement(tag.dnsName, Buffer.from(name.text, 'ascii'))
        : encodeElement(tag.ipAddress, name.bytes),
    ),
  )
}

function checkKeyBelongs({ certificatePem, privateKeyPem }: CertificateAndKey): void {
  if (new NodeCertificate(certificatePem).checkPrivateKey(createPrivateKey(privateKeyPem))) return
  throw new Error(
    'The private key of the certificate authority does not belong to its certificate, so no client could verify what it signs. Restore the two from the same place, or create a new authority.',
  )
}

function checkEnd(notAfter: Date, ca: X509Certificate): void {
  // The authority's end lost its fraction of a second when it was written; this one will lose its own.
  if (Math.floor(notAfter.getTime() / 1000) * 1000 <= ca.notAfter.getTime()) return
  throw new Error(
    `The server certificate would end on ${notAfter.toISOString()}, after its certificate authority, which ends on ${ca.notAfter.toISOString()}. Clients would refuse it from then on while it still looks valid. Pass an earlier notAfter, or create a new authority.`,
  )
}

function checkPermitted(names: readonly HostName[], ca: X509Certificate): void {
  const extension = ca.getExtension(nameConstraintsOid)
  if (extension === null) {
    throw new Error(
      'The certificate authority has no name constraints, so its key could speak for every host. Such an authority is not used here. Use one made by createLocalCa.',
    )
  }
  const constraints = decodeNameConstraints(Buffer.from(extension.value))
  const refused = names.filter((name) => !permits(constraints, name)).map(({ text }) => text)
  if (refused.length === 0) return
  throw new Error(
    `The certificate authority may not vouch for ${refused.join(', ')}: its name constraints do not permit it, and clients would refuse the certificate. Leave the name out, or create a new authority for all the names and have clients trust that one.`,
  )
}

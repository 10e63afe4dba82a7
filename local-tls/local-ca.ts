// The certificate library resolves its parts through decorator metadata and fails to load without this first.
import 'reflect-metadata'
import {
  BasicConstraintsExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { type HostNames, readHostNames } from './host-names.ts'
import { constrainTo, encodeNameConstraints } from './name-constraints.ts'
import {
  type CertificateAndKey,
  checkValidity,
  createKeyPair,
  createSerialNumber,
  signingAlgorithm,
  toPem,
  type Validity,
} from './signing.ts'

export const nameConstraintsOid = '2.5.29.30'

export type LocalCaRequest = HostNames &
  Validity & {
    /** How the authority shows up in a trust store; 1 to 64 characters. */
    readonly commonName: string
  }

/**
 * A certificate authority that can vouch for the given names and nothing else, so that a person who trusts it does
 * not hand the holder of its key the rest of the web: clients refuse a certificate for any other host, even one
 * signed with this key. A DNS name brings its subdomains with it. It signs servers directly, no further authorities.
 *
 * Nothing is stored, and no clock is read. Throws on a malformed name, on no name at all, and on dates out of order.
 */
export async function createLocalCa(request: LocalCaRequest): Promise<CertificateAndKey> {
  const { commonName, notBefore, notAfter } = request
  checkValidity(request)
  if (commonName.length < 1 || commonName.length > 64) {
    throw new Error(
      `The common name of the certificate authority has ${commonName.length} characters; the standard allows 1 to 64. Pass a shorter name that people will recognise in their trust store.`,
    )
  }
  const names = readHostNames(request)
  if (names.length === 0) {
    throw new Error(
      'The certificate authority is given no names, so it could sign no server. Pass at least one of dnsNames and ipAddresses.',
    )
  }

  const keys = await createKeyPair()
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: createSerialNumber(),
    // As a structure: in text, a comma or an equals sign would be read as another part of the name.
    name: [{ CN: [commonName] }],
    notBefore,
    notAfter,
    keys,
    signingAlgorithm,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      new Extension(nameConstraintsOid, true, encodeNameConstraints(constrainTo(names))),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return toPem(certificate, keys)
}

/** Apart from the issuing, so that a server with a good certificate never loads the certificate library. */
import { X509Certificate as NodeCertificate } from 'node:crypto'
import { type HostName, type HostNames, readHostNames } from './host-names.ts'

const dayMs = 24 * 60 * 60 * 1000

export type UsableQuestion = HostNames & {
  readonly at: Date
  /** How many days the certificate must still last from `at`. */
  readonly marginDays: number
  /** If given, the leaf must also be signed by this authority: after a change of authority the names still match. */
  readonly caCertificatePem?: string
}

/**
 * Whether a server can go on with this certificate; if not, issue a new one. False also for text that is no
 * certificate, since a new one cures that too. More names than asked for do no harm. Throws on a malformed name.
 */
export function isUsable(certificatePem: string, question: UsableQuestion): boolean {
  const { at, marginDays, caCertificatePem } = question
  const names = readHostNames(question)
  const certificate = readCertificate(certificatePem)
  if (certificate === undefined) return false
  return (
    certificate.validFromDate <= at &&
    at.getTime() + marginDays * dayMs <= certificate.validToDate.getTime() &&
    names.every((name) => carries(certificate, name)) &&
    (caCertificatePem === undefined || isSignedBy(certificate, caCertificatePem))
  )
}

function readCertificate(pem: string): NodeCertificate | undefined {
  try {
    return new NodeCertificate(pem)
  } catch {
    return undefined
  }
}

function carries(certificate: NodeCertificate, name: HostName): boolean {
  return name.kind === 'ip'
    ? certificate.checkIP(name.text) !== undefined
    : certificate.checkHost(name.text, { subject: 'never', wildcards: false }) !== undefined
}

function isSignedBy(certificate: NodeCertificate, caCertificatePem: string): boolean {
  const ca = new NodeCertificate(caCertificatePem)
  return certificate.checkIssued(ca) && certificate.verify(ca.publicKey)
}

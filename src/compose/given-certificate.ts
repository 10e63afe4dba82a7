/** The operator's own certificate and key: checked when they are read, and read again when the files have changed. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'
import type { ServerCertificate } from '../http/listener.ts'
import { Failure } from '../model/failure.ts'
import type { CertificateSource } from './certificate-source.ts'

/** Looking costs two small reads. */
const lookEachMs = 60_000

/** Failure `misconfigured` says which file is wrong and why; never what stands in the key. */
export async function givenCertificate(given: {
  readonly certFile: string
  readonly keyFile: string
  readonly now: () => Date
}): Promise<CertificateSource> {
  const { certFile, keyFile, now } = given
  let current = await readPair(certFile, keyFile)
  check(current, given)
  return {
    first: current,
    lookEachMs,
    async renewed() {
      const read = await readPair(certFile, keyFile)
      if (isSame(read, current)) return undefined
      check(read, { certFile, keyFile, now })
      current = read
      return read
    },
  }
}

async function readPair(certFile: string, keyFile: string): Promise<ServerCertificate> {
  return {
    certificatePem: await readText(certFile, 'tls-cert'),
    privateKeyPem: await readText(keyFile, 'tls-key'),
  }
}

async function readText(file: string, property: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error'
    throw wrong(property, `The file ${file} cannot be read (${code}). Check its path and rights.`)
  }
}

function isSame(one: ServerCertificate, other: ServerCertificate): boolean {
  return one.certificatePem === other.certificatePem && one.privateKeyPem === other.privateKeyPem
}

function check(
  { certificatePem, privateKeyPem }: ServerCertificate,
  { certFile, keyFile, now }: { certFile: string; keyFile: string; now: () => Date },
): void {
  const certificate = certificateIn(certificatePem, certFile)
  if (!certificate.checkPrivateKey(keyIn(privateKeyPem, keyFile)))
    throw wrong(
      'tls-key',
      `The key in ${keyFile} is not that of the first certificate in ${certFile}. Give the pair that belongs together, the server's own certificate first.`,
    )
  if (certificate.validToDate <= now())
    throw wrong(
      'tls-cert',
      `The certificate in ${certFile} ended on ${certificate.validToDate.toISOString()}. Have it renewed.`,
    )
  if (certificate.validFromDate > now())
    throw wrong(
      'tls-cert',
      `The certificate in ${certFile} counts only from ${certificate.validFromDate.toISOString()} on. Check the clock of this machine.`,
    )
  try {
    createSecureContext({ cert: certificatePem, key: privateKeyPem })
  } catch {
    throw wrong(
      'tls-cert',
      `The certificates in ${certFile} cannot be used for TLS. Put the server's own first, then those of its authorities, all in PEM.`,
    )
  }
}

function certificateIn(pem: string, file: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch {
    throw wrong('tls-cert', `The file ${file} holds no certificate in PEM.`)
  }
}

/** The error of a key that cannot be read is not passed on: it may quote the file. */
function keyIn(pem: string, file: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch {
    throw wrong('tls-key', `The file ${file} holds no private key in PEM without a passphrase.`)
  }
}

function wrong(property: string, message: string): Failure {
  return new Failure('misconfigured', message, { property })
}

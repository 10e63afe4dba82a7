import { createPrivateKey, createPublicKey, randomBytes, webcrypto } from 'node:crypto'
import type { X509Certificate } from '@peculiar/x509'

/** A certificate with its key, as PEM text ending in a line break. The key is PKCS #8 and not encrypted. */
export type CertificateAndKey = {
  readonly certificatePem: string
  readonly privateKeyPem: string
}

/** Both ends are included. Certificates hold whole seconds; what is below is cut off. */
export type Validity = {
  readonly notBefore: Date
  readonly notAfter: Date
}

/** ECDSA on P-256: small, quick, and taken by every TLS client in use. */
const keyAlgorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const
export const signingAlgorithm = { name: 'ECDSA', hash: 'SHA-256' } as const

export async function createKeyPair(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(keyAlgorithm, true, ['sign', 'verify'])
}

export async function readKeyPair(privateKeyPem: string): Promise<webcrypto.CryptoKeyPair> {
  const key = createPrivateKey(privateKeyPem)
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' })
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
  return {
    privateKey: await webcrypto.subtle.importKey('pkcs8', pkcs8, keyAlgorithm, false, ['sign']),
    publicKey: await webcrypto.subtle.importKey('spki', spki, keyAlgorithm, true, ['verify']),
  }
}

export async function toPem(
  certificate: X509Certificate,
  { privateKey }: webcrypto.CryptoKeyPair,
): Promise<CertificateAndKey> {
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', privateKey))
  const key = createPrivateKey({ key: pkcs8, type: 'pkcs8', format: 'der' })
  return {
    certificatePem: `${certificate.toString('pem').trimEnd()}\n`,
    privateKeyPem: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

/** 16 random bytes as hex. The first lies between 40 and 7f, so the number is positive and keeps its length. */
export function createSerialNumber(): string {
  const bytes = randomBytes(16)
  bytes.writeUInt8((bytes.readUInt8(0) & 0x3f) | 0x40, 0)
  return bytes.toString('hex')
}

/** Throws unless the dates are dates and in order. The library would write NaN, or fall back to the clock. */
export function checkValidity({ notBefore, notAfter }: Validity): void {
  for (const [property, date] of Object.entries({ notBefore, notAfter })) {
    if (Number.isNaN(date.getTime())) {
      throw new Error(
        `${property} is not a date. A certificate needs both ends of its validity. Pass a valid Date.`,
      )
    }
  }
  if (notAfter <= notBefore) {
    throw new Error(
      `The certificate would end (${notAfter.toISOString()}) before it begins (${notBefore.toISOString()}), so no client would ever accept it. Pass a notAfter later than notBefore.`,
    )
  }
}

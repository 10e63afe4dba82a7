/** Where the server's certificate comes from, and how it stays fresh while the service runs. */
import { X509Certificate } from 'node:crypto'
import type { ServerCertificate } from '../http/listener.ts'
import { hasSlept } from '../jobs/has-slept.ts'
import type { Clock } from '../model/clock.ts'
import { Failure } from '../model/failure.ts'
import { traceOf } from '../model/observation.ts'
import type { Observe } from '../ports/observer.ts'

export interface CertificateSource {
  readonly first: ServerCertificate
  /** How often to ask whether there is a newer one. */
  readonly lookEachMs: number
  /** Undefined while the one in use is still the right one. */
  renewed(): Promise<ServerCertificate | undefined>
}

/** Until `stopped`. Never rejects: what cannot be renewed is observed, and the certificate in use stays. */
export async function keepCertificateFresh(given: {
  readonly source: CertificateSource
  readonly use: (certificate: ServerCertificate) => void
  readonly clock: Clock
  readonly observe: Observe
  readonly stopped: AbortSignal
}): Promise<void> {
  const { source, use, clock, observe, stopped } = given
  let lastReason: string | undefined
  while (await hasSlept(clock, source.lookEachMs, stopped)) {
    try {
      const fresh = await source.renewed()
      lastReason = undefined
      if (!fresh) continue
      use(fresh)
      const { validToDate } = new X509Certificate(fresh.certificatePem)
      observe({ kind: 'certificateRenewed', endsAt: validToDate.toISOString() })
    } catch (error) {
      const reason = error instanceof Failure ? error.message : traceOf(error)
      // Once per trouble, not once per look.
      if (reason !== lastReason) observe({ kind: 'certificateNotRenewed', reason })
      lastReason = reason
    }
  }
}

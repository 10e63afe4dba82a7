/** The issuers that were named beside the embedded one, and the way to them. */
import { createAppleDispatcher } from '../apple/dispatcher.ts'
import { fetchJsonThrough } from '../auth/fetch-json.ts'
import { foreignIssuers, type IssuerSetting } from '../auth/foreign-issuer.ts'

const connectTimeoutMs = 5_000

export type ForeignIssuersDeps = Omit<Parameters<typeof foreignIssuers>[1], 'fetchJson'>

export interface ForeignIssuers {
  readonly issuers: ReturnType<typeof foreignIssuers>
  close(): Promise<void>
}

export function openForeignIssuers(
  named: readonly IssuerSetting[],
  deps: ForeignIssuersDeps,
): ForeignIssuers {
  // Proxies count as they do on the way to Apple.
  const dispatcher = createAppleDispatcher({ connectTimeoutMs, environment: process.env })
  return {
    issuers: foreignIssuers(named, { ...deps, fetchJson: fetchJsonThrough(dispatcher) }),
    close: () => dispatcher.close(),
  }
}

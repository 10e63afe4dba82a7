/** Whose access tokens count here: the embedded issuer's, under each origin of the service, and those of the issuers named. */
import { type BearerAuthenticator, createAuthenticator } from '../auth/bearer.ts'
import type { IssuerSetting } from '../auth/foreign-issuer.ts'
import { graphAudiences } from '../auth/graph-audiences.ts'
import type { TrustedIssuer } from '../auth/trusted-issuer.ts'
import { loadSigningKeys, type SigningKeys } from '../issuer/signing-keys.ts'
import type { Observe } from '../ports/observer.ts'
import type { ForeignIssuers, ForeignIssuersDeps } from './foreign-issuers.ts'
import type { Instance } from './instance.ts'
import { requireIssuers, type ServiceSettings } from './service-settings.ts'

export interface AccessTokens {
  /** The embedded issuer's. */
  readonly keys: SigningKeys
  /** To be made once, with every origin under which the service answers. Failure `misconfigured`. */
  authenticatorAt(origins: readonly string[]): BearerAuthenticator
  stop(): Promise<void>
}

const verifiedTokensKept = 10_000

/** Does not wait for any issuer: one that is down must not keep the service from starting. */
export async function openAccessTokens(
  settings: ServiceSettings,
  { storage, secretBox, clock, newId }: Instance,
  observe: Observe,
): Promise<AccessTokens> {
  const named = requireIssuers(settings)
  let authenticator: BearerAuthenticator | undefined
  const onChange = () => authenticator?.clear()
  const keys = await loadSigningKeys({ storage, secretBox, clock, newId }, onChange)
  const stopped = new AbortController()
  const foreign = await namedIssuers(named, {
    audiences: settings['issuer-audience'] ?? [],
    isTenantKnown: async (id) => (await storage.instance.reads.tenants.find(id)) !== undefined,
    clock,
    observe,
    onChange,
    stopped: stopped.signal,
  })
  let warm: Promise<unknown> = Promise.resolve()
  const ours = (origin: string): TrustedIssuer => ({
    issuer: `${origin}/{tid}/v2.0`,
    audiences: graphAudiences,
    algorithms: ['ES256'],
    tenants: 'fromIssuer',
    isOurs: true,
    keyFor: keys.keyFor,
  })
  return {
    keys,
    authenticatorAt(origins) {
      authenticator = createAuthenticator({
        clock,
        cacheSize: verifiedTokensKept,
        issuers: [...origins.map(ours), ...foreign.issuers],
      })
      warm = Promise.all(foreign.issuers.map((issuer) => issuer.warmUp()))
      return authenticator
    },
    async stop() {
      stopped.abort()
      await warm
      await foreign.close()
    },
  }
}

/** The way to other issuers is loaded only when there are any: it takes a good part of a start. */
async function namedIssuers(
  named: readonly IssuerSetting[],
  deps: ForeignIssuersDeps,
): Promise<ForeignIssuers> {
  if (named.length === 0) return { issuers: [], close: () => Promise.resolve() }
  const { openForeignIssuers } = await import('./foreign-issuers.ts')
  return openForeignIssuers(named, deps)
}

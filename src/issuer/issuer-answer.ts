/** The embedded issuer's side of HTTP: discovery, keys and tokens of every registered tenant (graph 8.3, G18). */
import { isGuid } from '../model/ids.ts'
import { traceOf } from '../model/observation.ts'
import type { Tenant } from '../model/tenant.ts'
import type { InstanceReads } from '../ports/instance-store.ts'
import type { Answer, HttpRequest, HttpResponse } from '../ports/route.ts'
import { discoveryDocument } from './discovery.ts'
import { type IssuerPlace, issuerPath } from './issuer-path.ts'
import { documentResponse, refusalFor, refusalResponse, tokenResponse } from './issuer-response.ts'
import { OAuthRefusal } from './oauth-refusal.ts'
import { signInLimiter } from './sign-in-limiter.ts'
import type { SigningKeys } from './signing-keys.ts'
import { issueToken, type TokenEndpointRooms } from './token-endpoint.ts'
import { readTokenRequest } from './token-request.ts'

export interface IssuerRooms extends Pick<TokenEndpointRooms, 'clock' | 'observe'> {
  readonly reads: Pick<InstanceReads, 'tenants' | 'clients'>
  readonly keys: Pick<SigningKeys, 'sign' | 'publicKeys'>
}

interface Place {
  /** For logs. */
  readonly route: string
  readonly allowed: readonly string[]
  answer(request: HttpRequest, tenantSegment: string): Promise<HttpResponse>
}

/**
 * Answers what `isIssuerPath` accepts, without an access token. What it issues names `{origin}/{tenant id}/v2.0` as issuer, by
 * the origin of the request.
 */
export function issuerAnswer({ reads, keys, clock, observe }: IssuerRooms): Answer {
  const tokenRooms = { clients: reads.clients, keys, clock, observe, limiter: signInLimiter(clock) }
  const places: Readonly<Record<IssuerPlace, Place>> = {
    discovery: {
      route: '/{tenant}/v2.0/.well-known/openid-configuration',
      allowed: ['GET', 'HEAD'],
      async answer(request, segment) {
        const { id } = await tenantAt(segment, reads)
        return documentResponse(discoveryDocument(request.origin, id))
      },
    },
    keys: {
      route: '/{tenant}/discovery/v2.0/keys',
      allowed: ['GET', 'HEAD'],
      async answer(_, segment) {
        await tenantAt(segment, reads)
        return documentResponse(await keys.publicKeys())
      },
    },
    token: {
      route: '/{tenant}/oauth2/v2.0/token',
      allowed: ['POST'],
      async answer(request, segment) {
        const wanted = await readTokenRequest(request)
        const tenant = await tenantAt(segment, reads)
        const { client, body } = await issueToken(tenant, wanted, request, tokenRooms)
        const observed = { route: this.route, tenantId: tenant.id, clientId: client.id }
        return { ...tokenResponse(body), observed }
      },
    },
    authorize: {
      route: '/{tenant}/oauth2/v2.0/authorize',
      allowed: ['GET', 'HEAD', 'POST'],
      async answer() {
        throw new OAuthRefusal(
          'unsupportedResponse',
          'Nobody signs in here with a browser. Sign in as an application, at the token endpoint.',
        )
      },
    },
  }

  return async (request) => {
    const { tenant, place } = issuerPath(request.target) ?? { tenant: '', place: 'discovery' }
    const { route, allowed } = places[place]
    const respond = async (): Promise<HttpResponse> => {
      try {
        checkMethod(request.method, allowed)
        const response = await places[place].answer(request, tenant)
        return { observed: { route }, ...response }
      } catch (error) {
        const refusal = refusalFor(error)
        if (refusal.kind === 'broken')
          observe({ kind: 'requestCrashed', requestId: request.id, error: traceOf(error) })
        const observed = { route, failureCode: refusal.kind }
        return { ...refusalResponse(refusal, request, clock.now()), observed }
      }
    }
    const { body, ...rest } = await respond()
    return request.method === 'HEAD' || body === undefined ? rest : { ...rest, body }
  }
}

function checkMethod(method: string, allowed: readonly string[]): void {
  if (allowed.includes(method)) return
  throw new OAuthRefusal('wrongMethod', `This address takes ${allowed.join(', ')} only.`, {
    allow: allowed.join(', '),
  })
}

async function tenantAt(
  segment: string,
  { tenants }: Pick<InstanceReads, 'tenants'>,
): Promise<Tenant> {
  const tenant = isGuid(segment) ? await tenants.find(segment.toLowerCase()) : undefined
  if (tenant) return tenant
  throw new OAuthRefusal(
    'unknownTenant',
    'No such tenant is registered here. Put the id of a registered tenant, a GUID, into the path.',
  )
}

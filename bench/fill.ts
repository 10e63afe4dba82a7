/** Tenants and tokens put through the service's own storage before it is started: sealed, audited, as a create leaves them. */
import { openInstance } from '../src/compose/instance.ts'
import { addClient } from '../src/domain/tenants/add-client.ts'
import { addTenant } from '../src/domain/tenants/add-tenant.ts'
import { addToken } from '../src/domain/tokens/add-token.ts'
import { newClientSecret } from '../src/issuer/client-secret.ts'
import { decode } from '../src/model/payload/decode.ts'
import { vppToken } from '../src/model/vpp-token.ts'
import { newTokenBody } from './new-token.ts'
import type { Place } from './place.ts'

export interface FilledTenant {
  readonly tenantId: string
  readonly clientId: string
  readonly clientSecret: string
  readonly tokenIds: readonly string[]
}

/** So many share a commit on SQLite; more would only wait. */
const atOnce = 128
const role = 'DeviceManagementServiceConfig.ReadWrite.All'

export interface Filling {
  readonly tenants: number
  readonly tokens: number
  /** What is sent for each token; absent = made up. */
  readonly bodyOf?: (number: number) => string
}

/** The tokens are dealt out to the tenants evenly. */
export async function fill(
  place: Place,
  { tenants, tokens, bodyOf = newTokenBody }: Filling,
): Promise<readonly FilledTenant[]> {
  const instance = await openInstance(place)
  try {
    const made = await inParts(tenants, async (number) => {
      const tenant = await addTenant(instance, {
        id: instance.newId(),
        name: `Organization ${number}`,
      })
      const { secret, secretHash } = newClientSecret()
      const client = await addClient(instance, {
        tenantId: tenant.id,
        name: 'bench',
        roles: [role],
        secretHash,
      })
      return { tenantId: tenant.id, clientId: client.id, clientSecret: secret }
    })
    const ids = await inParts(tokens, async (number) => {
      const { tenantId, clientId } = made[number % tenants] ?? made[0] ?? none()
      const sent = decode(vppToken, 'v1.0', JSON.parse(bodyOf(number)))
      return (await addToken(instance, { tenantId, name: clientId }, sent)).record.id
    })
    return made.map((tenant, place) => ({
      ...tenant,
      tokenIds: ids.filter((_, number) => number % tenants === place),
    }))
  } finally {
    await instance.storage.close()
  }
}

async function inParts<Made>(
  count: number,
  make: (number: number) => Promise<Made>,
): Promise<readonly Made[]> {
  const made: Made[] = []
  for (let from = 0; from < count; from += atOnce) {
    const part = Array.from({ length: Math.min(atOnce, count - from) }, (_, at) => make(from + at))
    made.push(...(await Promise.all(part)))
  }
  return made
}

function none(): never {
  throw new Error('There must be at least one tenant')
}

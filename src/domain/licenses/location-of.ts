/** What belongs to the location of a token, and whether licences and users may be changed there (Apple 7, C10). */
import { neverInstant } from '../../model/date-time-offset.ts'
import { Failure } from '../../model/failure.ts'
import type { TokenId } from '../../model/ids.ts'
import type { Ownership } from '../../model/ownership.ts'
import type { StoredToken } from '../../model/stored-token.ts'
import { tokenName } from '../../model/token-name.ts'
import type { TenantStores } from '../../ports/storage.ts'
import { mayWrite, requireMayWrite } from '../ownership/may-write.ts'
import { absentToken } from '../tokens/read-tokens.ts'

export interface TokenAtLocation {
  readonly token: StoredToken
  /** All tokens of the tenant for the location, oldest first; empty while it is not known. */
  readonly twins: readonly StoredToken[]
  /** Undefined = the location was never claimed. */
  readonly ownership: Ownership | undefined
}

/** Failure `notFound` when there is no such token. */
export async function locationOf(
  { tokens, ownership }: Pick<TenantStores, 'tokens' | 'ownership'>,
  tokenId: TokenId,
): Promise<TokenAtLocation> {
  const token = await tokens.find(tokenId)
  if (!token) throw absentToken(tokenId)
  const { locationId } = token.record
  if (locationId === null) return { token, twins: [], ownership: undefined }
  return {
    token,
    twins: await tokens.listByLocation(locationId),
    ownership: await ownership.find(locationId),
  }
}

/** Whose rows say what the location has: tokens of one location share it (Apple 9.3), and only the oldest is synced. */
export interface Pool {
  readonly poolId: TokenId
  /** All tokens of the tenant for the location. */
  readonly twinIds: readonly TokenId[]
}

export function poolFor({ token, twins }: Pick<TokenAtLocation, 'token' | 'twins'>): Pool {
  const isDuplicate = token.record.state === 'duplicateLocationId'
  const pool = isDuplicate ? (twins[0] ?? token) : token
  const twinIds = [token, ...twins].map(({ record }) => record.id)
  return { poolId: pool.record.id, twinIds: [...new Set(twinIds)] }
}

export interface WriteRefusal {
  readonly kind: 'notClaimed' | 'notAccepted' | 'notChecked'
  readonly message: string
}

/** Undefined = licences and users may be changed. Pure. */
export function writeRefusal({
  token: { record },
  ownership,
}: TokenAtLocation): WriteRefusal | undefined {
  const name = tokenName(record)
  if (record.state === 'expired' || record.state === 'invalid')
    return {
      kind: 'notAccepted',
      message:
        `Apple does not accept the content token of ${name}. ${record.stateMessage ?? ''}`.trim(),
    }
  if (record.locationId === null || record.lastVerifiedDateTime.instant === neverInstant)
    return {
      kind: 'notChecked',
      message: `It is not known yet what ${name} owns at Apple. Wait for its first sync, then ask again.`,
    }
  if (mayWrite(ownership)) return undefined
  return {
    kind: 'notClaimed',
    message: `The location of ${name} is not Pomona's, so licences are only read there. Claim it: pomona token claim ${record.id}.`,
  }
}

/** Failure `conflict` that says why not. */
export async function requireWritable(
  stores: Pick<TenantStores, 'ownership'>,
  at: TokenAtLocation,
): Promise<void> {
  const refusal = writeRefusal(at)
  if (refusal?.kind === 'notClaimed') await requireMayWrite(stores.ownership, at.token)
  if (refusal) throw new Failure('conflict', refusal.message)
}

/** Whether licences and users of a location may be changed from here (Apple 7, C10), and whose rows say what there is. Pure. */
import { neverInstant } from '../../model/date-time-offset.ts'
import { Failure } from '../../model/failure.ts'
import type { TokenId } from '../../model/ids.ts'
import type { StoredToken } from '../../model/stored-token.ts'
import { tokenName } from '../../model/token-name.ts'
import type { StateReason } from '../../model/vpp-token-types.ts'

/** Only read until the administrator claims the location. */
const readOnly: ReadonlySet<StateReason> = new Set(['unclaimed', 'heldByOtherMdm'])

export interface WriteRefusal {
  readonly kind: 'notClaimed' | 'notAccepted' | 'notChecked'
  readonly message: string
}

/** Undefined = may write. `twins`: all tokens of the tenant for this location, oldest first; a younger one may write as they may. */
export function writeRefusal(
  token: StoredToken,
  twins: readonly StoredToken[],
): WriteRefusal | undefined {
  const { record } = token
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
  const oldest = poolOf(token, twins)
  if (!readOnly.has(oldest.record.stateReason)) return undefined
  const { mdmHolder } = oldest.record
  const holder = mdmHolder === null ? 'nobody' : `"${String(mdmHolder.name ?? mdmHolder.id)}"`
  return {
    kind: 'notClaimed',
    message: `The location of ${name} is managed by ${holder} and not by Pomona, which only reads until you claim it. Claim it first; nothing was changed.`,
  }
}

/** Failure `conflict`. */
export function requireMayWrite(token: StoredToken, twins: readonly StoredToken[]): void {
  const refusal = writeRefusal(token, twins)
  if (refusal) throw new Failure('conflict', refusal.message)
}

/** The record whose assets, licences and users are those of the location: tokens of one location share them (Apple 9.3). */
export function poolOf(token: StoredToken, twins: readonly StoredToken[]): StoredToken {
  return token.record.state === 'duplicateLocationId' ? (twins[0] ?? token) : token
}

export function poolIdOf(token: StoredToken, twins: readonly StoredToken[]): TokenId {
  return poolOf(token, twins).record.id
}

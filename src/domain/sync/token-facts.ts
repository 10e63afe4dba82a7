/** Everything that a token's state and its sentence are decided from, as plain data. */
import type { AppleFinding } from '../../model/apple-finding.ts'
import type { DateTimeOffset, Instant } from '../../model/date-time-offset.ts'
import type { ComplexValue } from '../../model/entity-type.ts'
import type { Ownership } from '../../model/ownership.ts'
import type { StoredToken } from '../../model/stored-token.ts'

/** The server that Apple names as manager of a location. */
export interface Holder {
  readonly id: string
  readonly name: string | null
  readonly firstSeenAt: Instant
}

export interface TokenFacts {
  /** Year 1 = not known, so it never comes (graph 9, row 8). */
  readonly expiresAt: Instant
  /** When Apple last accepted the content token; year 1 = never. */
  readonly verifiedAt: Instant
  /** The last answer that was not a good one; null after a good one. */
  readonly finding: AppleFinding | null
  /** Null = no server is registered, or none but Pomona itself. */
  readonly holder: Holder | null
  /** Whether the location was claimed, and that was confirmed, and the registered server is Pomona itself (Apple 7). */
  readonly isHeldByPomona: boolean
  /** Where Pomona is registered and yet does not hold the location: the claim is still open, or the location was given up. */
  readonly halfHeld: 'confirming' | 'released' | null
  /** How people know the older token of the tenant that serves this location; null = there is none. */
  readonly olderTwinName: string | null
  readonly accountType: 'business' | 'education'
  /** The account that downloaded the content token, as the administrator gave it. */
  readonly appleId: string | null
  readonly locationId: string | null
  readonly locationName: string | null
  readonly nextAttemptAt: Instant
  /** The run that found it out; null outside a run. */
  readonly runId: string | null
}

/** What a token's neighbours, its location and its run add to its own facts. */
export interface Beside {
  readonly olderTwinName: string | null
  readonly runId: string | null
  /** Undefined = the location was never claimed, so whoever is registered is somebody else (Apple 7, "observe"). */
  readonly ownership: Ownership | undefined
}

/** The facts of a token as it is (or is about to be) stored, with what its neighbours and its run add. */
export function factsOf(
  token: Pick<StoredToken, 'record' | 'finding'>,
  { ownership, ...beside }: Beside,
): TokenFacts {
  const { record, finding } = token
  const registered = holderOf(record.mdmHolder)
  const isPomona = registered !== null && registered.id === ownership?.mdmId
  return {
    expiresAt: record.expirationDateTime.instant,
    verifiedAt: record.lastVerifiedDateTime.instant,
    finding,
    holder: isPomona ? null : registered,
    isHeldByPomona: isPomona && ownership?.state === 'ours',
    halfHeld: isPomona ? halfHeld(ownership) : null,
    accountType: record.vppTokenAccountType,
    appleId: record.appleId,
    locationId: record.locationId,
    locationName: record.locationName,
    nextAttemptAt: record.nextSyncDateTime.instant,
    ...beside,
  }
}

function halfHeld(ownership: Ownership | undefined): TokenFacts['halfHeld'] {
  if (ownership?.confirmAt != null) return 'confirming'
  return ownership?.state === 'released' ? 'released' : null
}

/** Reads the stored complex value; null for none. */
export function holderOf(value: ComplexValue | null): Holder | null {
  if (value === null) return null
  const firstSeen = value.firstSeenDateTime as DateTimeOffset
  return {
    id: String(value.id),
    name: typeof value.name === 'string' ? value.name : null,
    firstSeenAt: firstSeen.instant,
  }
}

/** Whether licences of a location may be changed: only while it is ours (Apple 7, C10). Refused, never delayed. */
import { Failure } from '../../model/failure.ts'
import type { Ownership } from '../../model/ownership.ts'
import type { StoredToken } from '../../model/stored-token.ts'
import { tokenName } from '../../model/token-name.ts'
import type { OwnershipReads } from '../../ports/ownership-store.ts'

/** `undefined` = the location was never claimed. */
export function mayWrite(ownership: Ownership | undefined): boolean {
  return ownership?.state === 'ours'
}

/** Failure `conflict` that says who holds the location and what to do; for callers who want to write. */
export async function requireMayWrite(
  ownerships: OwnershipReads,
  { record }: Pick<StoredToken, 'record'>,
): Promise<void> {
  const { locationId } = record
  const ownership = locationId === null ? undefined : await ownerships.find(locationId)
  if (mayWrite(ownership)) return
  const claim = `Claim it first: pomona token claim ${record.id}.`
  throw new Failure(
    'conflict',
    `${why(record.locationName ?? tokenName(record), ownership)} Nothing was changed. ${claim}`,
  )
}

function why(location: string, ownership: Ownership | undefined): string {
  if (ownership?.state === 'released')
    return `The location "${location}" was given up, so Pomona does nothing there.`
  if (ownership?.state === 'conflict')
    return `The location "${location}" was taken over by another server, so Pomona only reads there.`
  if (ownership?.confirmAt != null)
    return `The claim of the location "${location}" is not confirmed yet; that takes about a minute.`
  return `The location "${location}" is not claimed, so Pomona only reads there.`
}

import { knownPermissions } from '../graph/gate/scopes.ts'
import { Failure } from '../model/failure.ts'
import { nearestName } from '../model/payload/nearest-name.ts'

/** The permission as Graph spells it. Failure `misconfigured` with the nearest one when there is none of that name. */
export function knownRole(given: string): string {
  const found = knownPermissions.find((role) => role.toLowerCase() === given.toLowerCase())
  if (found !== undefined) return found
  const nearest = nearestName(given, knownPermissions)
  const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`
  throw new Failure(
    'misconfigured',
    `The role '${given}' is none of Graph's permissions that Pomona knows.${hint} Known: ${knownPermissions.join(', ')}.`,
    { property: 'role' },
  )
}

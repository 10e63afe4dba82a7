/** What Pomona registers as manager of a location (Apple 7): no name of a tenant stands in it. Pure. */
import type { LocationConfig } from '../../model/apple-rows.ts'
import type { ConfigChange } from '../../model/apple-write.ts'
import type { Ownership } from '../../model/ownership.ts'

type Registration = NonNullable<ConfigChange['mdm']>

export const usualInstanceName = 'Pomona'
const metadata = 'pomona'
const releasedPrefix = 'Released: '

/** Longest name of an instance: Apple takes 100 characters, and a location that is given up shows the prefix too (Apple 3.1). */
export const longestInstanceName = 100 - releasedPrefix.length

export function registration(
  { mdmId }: Pick<Ownership, 'mdmId'>,
  instanceName: string,
): Registration {
  return { id: mdmId, name: instanceName, metadata }
}

export function releasedRegistration(
  { mdmId }: Pick<Ownership, 'mdmId'>,
  instanceName: string,
): Registration {
  return { id: mdmId, name: `${releasedPrefix}${instanceName}`, metadata }
}

/** All three are compared: with one of them another, somebody else has written since. */
export function isRegistered({ mdm }: Pick<LocationConfig, 'mdm'>, wanted: Registration): boolean {
  return mdm?.id === wanted.id && mdm.name === wanted.name && mdm.metadata === wanted.metadata
}

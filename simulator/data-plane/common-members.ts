import { appleDateTime } from '../world/clock.ts'
import { worldNow } from '../world/world.ts'
import type { LocationCall } from './request.ts'

const fifteenDaysMs = 15 * 24 * 60 * 60 * 1000

/** What Apple contract 2.1 calls `…common`: it stands in every success answer but service/config. */
export function commonMembers(
  { world, library, token }: LocationCall,
  endpoint: 'clientConfig' | 'other' = 'other',
) {
  const { switches } = world.state
  const showsDate =
    endpoint === 'clientConfig' ||
    switches.tokenExpirationDate === 'always' ||
    (switches.tokenExpirationDate === 'last15Days' &&
      token.expiresAtMs - worldNow(world) <= fifteenDaysMs)
  return {
    ...mdmInfoMember(library.mdmInfo, switches.mdmInfoUnset),
    ...(showsDate && { tokenExpirationDate: appleDateTime(token.expiresAtMs) }),
    uId: library.uId,
  }
}

function mdmInfoMember(mdmInfo: LocationCall['library']['mdmInfo'], unset: 'absent' | 'null') {
  if (mdmInfo !== undefined) return { mdmInfo }
  return unset === 'null' ? { mdmInfo: null } : {}
}

import type { Library } from '../library/library.ts'
import { seasonSeconds, unclaimed } from '../seeds/seed.ts'
import { fingerprintOf, tokenFileText, tokenLayouts } from '../tokens/token-file.ts'
import {
  type IssuedToken,
  promiseOf,
  type TokenStanding,
  tokenRights,
  tokenStanding,
} from '../tokens/token-state.ts'
import { appleDateTime } from '../world/clock.ts'
import { nextName } from '../world/made-ids.ts'
import { nextBytes } from '../world/random.ts'
import { type World, worldNow } from '../world/world.ts'
import type { WorldState } from '../world/world-state.ts'
import type { ControlHandler } from './control-call.ts'
import {
  bodyOf,
  created,
  expectNoBody,
  libraryOf,
  ok,
  paramOf,
  tokenOf,
  worldOf,
} from './control-call.ts'
import { ControlError } from './control-error.ts'
import { dateTime, object, oneOf, optional, or, text } from './decode.ts'

export const listTokens: ControlHandler = (call) => {
  const world = worldOf(call)
  const { uId } = libraryOf(call)
  const tokens = world.state.tokens.filter((token) => token.uId === uId)
  return ok({ tokens: tokens.map((token) => shownToken(token, world)) })
}

const newToken = object({
  account: or(text, 'a1@harbour.example'),
  displayName: optional(text),
  expiresAt: optional(dateTime),
  rights: or(oneOf(tokenRights), 'full' as const),
  layout: or(oneOf(tokenLayouts), 'compact' as const),
})

/** A new download from the portal; by switch it revokes older ones (Apple contract 1.3, 11.4 newDownloadRevokes). */
export const issueToken: ControlHandler = (call) => {
  const world = worldOf(call)
  const library = libraryOf(call)
  const wanted = bodyOf(call, newToken)
  const { state } = world
  revokeOlderDownloads(state, library, wanted.account)
  const inner = nextBytes(state.random, 24).toString('base64')
  const seasonMs = seasonSeconds * 1000
  const expiresAtMs = Math.floor((wanted.expiresAt ?? worldNow(world) + seasonMs) / 1000) * 1000
  const outer = tokenFileText(
    { token: inner, expiresAtMs, orgName: library.orgName },
    wanted.layout,
  )
  const token: IssuedToken = {
    tokenId: nextName(state, 'tokens', (number) => `issued-${number}`),
    uId: library.uId,
    account: wanted.account,
    displayName: wanted.displayName ?? library.locationName,
    outer,
    inner,
    fingerprint: fingerprintOf(outer),
    expiresAtMs,
    standing: 'valid',
    rights: wanted.rights,
    promise:
      library.mdmInfo === undefined
        ? unclaimed
        : { state: 'assignedToExternalMDM', reason: 'heldByOtherMdm' },
  }
  state.tokens.push(token)
  return created(shownToken(token, world))
}

function revokeOlderDownloads(state: WorldState, library: Library, account: string): void {
  const { newDownloadRevokes } = state.switches
  if (newDownloadRevokes === 'never') return
  for (const token of state.tokens) {
    const isOlder =
      token.uId === library.uId &&
      (newDownloadRevokes === 'sameLocation' || token.account === account)
    if (isOlder && token.standing === 'valid') token.standing = 'revoked'
  }
}

/** `valid` takes back what was held against a token; its date still counts. */
export function setStanding(standing: TokenStanding): ControlHandler {
  return (call) => {
    expectNoBody(call)
    const token = tokenOf(call)
    token.standing = standing
    return ok(shownToken(token, worldOf(call)))
  }
}

/** Password changed, or the person left: every token the account downloaded dies (Apple contract 1.3). */
export const loseAccount: ControlHandler = (call) => {
  expectNoBody(call)
  const world = worldOf(call)
  const account = paramOf(call, 'account')
  const tokens = world.state.tokens.filter((token) => token.account === account)
  if (tokens.length === 0) {
    throw new ControlError(
      404,
      `Account "${account}" has no token in this world. List a location's tokens.`,
    )
  }
  for (const token of tokens) if (token.standing === 'valid') token.standing = 'deadAccount'
  return ok({ tokens: tokens.map((token) => shownToken(token, world)) })
}

function shownToken(token: IssuedToken, world: World) {
  const now = worldNow(world)
  const promise = promiseOf(token, now, world.state.switches)
  return {
    tokenId: token.tokenId,
    uId: token.uId,
    account: token.account,
    displayName: token.displayName,
    file: token.outer,
    fingerprint: token.fingerprint,
    state: tokenStanding(token, now),
    expiresAt: appleDateTime(token.expiresAtMs).replace('+0000', 'Z'),
    rights: token.rights,
    managesSubscriptions: token.managesSubscriptions ?? false,
    promisedState: promise.state,
    promisedReason: promise.reason,
  }
}

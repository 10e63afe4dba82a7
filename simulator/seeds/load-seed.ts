import { addRow, noRows } from '../library/assignment-rows.ts'
import { generateFleet } from '../library/generate-fleet.ts'
import { type Asset, insertInOrder, type Library, websiteOf } from '../library/library.ts'
import { fingerprintOf, tokenFileText } from '../tokens/token-file.ts'
import type { IssuedToken } from '../tokens/token-state.ts'
import type { WorldState } from '../world/world-state.ts'
import { type AssetSeed, type LibrarySeed, orgName, type Seed, type TokenSeed } from './seed.ts'

/** Loading a seed twice changes nothing: its libraries are fixed by their `uId`. */
export function loadSeed(state: WorldState, seed: Seed, atMs: number): void {
  for (const library of seed.libraries) {
    if (state.libraries.has(library.uId)) continue
    state.libraries.set(library.uId, libraryOf(library))
    state.tokens.push(...library.tokens.map((token) => tokenOf(token, library.uId, atMs)))
  }
  if (seed.pageSize !== undefined) {
    state.settings.pageSizes = {
      assets: seed.pageSize,
      assignments: seed.pageSize,
      users: seed.pageSize,
    }
  }
}

function libraryOf(seed: LibrarySeed): Library {
  const defaultPlatform = seed.defaultPlatform ?? 'enterprisestore'
  const library: Library = {
    uId: seed.uId,
    orgName,
    locationName: seed.locationName,
    countryISO2ACode: seed.country ?? 'DE',
    defaultPlatform,
    websiteURL: websiteOf(defaultPlatform),
    ...(seed.mdmInfo && { mdmInfo: { ...seed.mdmInfo } }),
    subscribedNotificationTypes: [],
    assets: [],
    assignments: noRows(),
    users: seed.users.map((user) => ({ ...user, changedIn: 1 })),
    versions: { assets: 1, assignments: 1, users: 1 },
  }
  for (const asset of seed.assets) insertInOrder(library.assets, assetOf(asset, seed))
  for (const { adamId, pricingParam, ...target } of seed.assignments) {
    addRow(library.assignments, { adamId, pricingParam, target, changedIn: 1 })
  }
  if (seed.generated) generateFleet(library, seed.generated, 1)
  return library
}

function assetOf(seed: AssetSeed, library: LibrarySeed): Asset {
  const assigned = library.assignments.filter(
    (row) => row.adamId === seed.adamId && row.pricingParam === seed.pricingParam,
  )
  return {
    adamId: seed.adamId,
    pricingParam: seed.pricingParam,
    productType: seed.productType ?? 'App',
    deviceAssignable: seed.deviceAssignable ?? true,
    revocable: seed.revocable ?? true,
    supportedPlatforms: [...(seed.supportedPlatforms ?? ['iOS'])],
    licenses: {
      totalCount: seed.totalCount,
      assignedCount: assigned.length,
      retiredCount: seed.retiredCount ?? 0,
    },
  }
}

function tokenOf(seed: TokenSeed, uId: string, atMs: number): IssuedToken {
  const inner = Buffer.from(seed.secret, 'utf8').toString('base64')
  const expiresAtMs = atMs + seed.expiresInSeconds * 1000
  const outer = tokenFileText({ token: inner, expiresAtMs, orgName }, 'compact')
  return {
    tokenId: seed.tokenId,
    uId,
    account: seed.account,
    displayName: seed.displayName,
    outer,
    inner,
    fingerprint: fingerprintOf(outer),
    expiresAtMs,
    standing: seed.standing ?? 'valid',
    rights: seed.rights ?? 'full',
    promise: seed.promise,
  }
}

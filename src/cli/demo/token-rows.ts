/** Puts the seeds' tokens in through the Graph API, waits for their first sync, and reads what became of them. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Api } from '../../client/api.ts'
import type { SeedToken } from './seed-tokens.ts'

export interface DemoToken {
  readonly id: string
  readonly displayName: string
  readonly state: string
  readonly stateReason: string
  readonly expectedState: string
  readonly expectedReason: string
  readonly expirationDateTime: string
  readonly appCount: number
  readonly licenses: { readonly total: number; readonly used: number }
}

interface PomonaToken {
  readonly id: string
  readonly displayName: string
  readonly state: string
  readonly stateReason: string
  readonly expirationDateTime: string
  readonly lastSyncStatus: string
  readonly lastAppCount: number
  readonly totalLicenseCount: number
  readonly usedLicenseCount: number
}

const pollMs = 200

/** Tokens in the order given; where one location has two of them, that order decides which one is the older. */
export async function createTokens(
  api: Api,
  seeds: readonly SeedToken[],
): Promise<ReadonlyMap<string, SeedToken>> {
  const byId = new Map<string, SeedToken>()
  for (const seed of seeds) {
    const created = (await api.ask('POST', '/beta/deviceAppManagement/vppTokens', {
      displayName: seed.displayName,
      appleId: seed.account,
      dataSharingConsentGranted: true,
      token: seed.file,
    })) as { id: string }
    byId.set(created.id, seed)
  }
  return byId
}

/** Waits until every token's first sync has ended, at most `limitMs`; what is not done by then shows as it is. `seen`: how many have ended. */
export async function syncedTokens(
  api: Api,
  seeds: ReadonlyMap<string, SeedToken>,
  limitMs: number,
  seen: (ended: number) => void,
): Promise<readonly DemoToken[]> {
  const endMs = performance.now() + limitMs
  for (;;) {
    const tokens = await readTokens(api)
    const ended = tokens.filter(({ lastSyncStatus }) => /completed|failed/.test(lastSyncStatus))
    seen(ended.length)
    if (ended.length === tokens.length || performance.now() > endMs)
      return tokens.flatMap((token) => {
        const seed = seeds.get(token.id)
        return seed ? [demoToken(token, seed)] : []
      })
    await delay(pollMs)
  }
}

async function readTokens(api: Api): Promise<readonly PomonaToken[]> {
  const { value } = (await api.ask('GET', '/pomona/v1/tokens?$top=999')) as {
    value: readonly PomonaToken[]
  }
  return value
}

function demoToken(token: PomonaToken, seed: SeedToken): DemoToken {
  return {
    id: token.id,
    displayName: token.displayName,
    state: token.state,
    stateReason: token.stateReason,
    expectedState: seed.promisedState,
    expectedReason: seed.promisedReason,
    expirationDateTime: token.expirationDateTime,
    appCount: token.lastAppCount,
    licenses: { total: token.totalLicenseCount, used: token.usedLicenseCount },
  }
}

export function isAsPromised(token: DemoToken): boolean {
  return token.state === token.expectedState && token.stateReason === token.expectedReason
}

import { depot } from './depot.ts'
import {
  daySeconds,
  type LibrarySeed,
  type Seed,
  seasonSeconds,
  type TokenSeed,
  unclaimed,
} from './seed.ts'

type State = Pick<TokenSeed, 'promise'> &
  Partial<Pick<TokenSeed, 'expiresInSeconds' | 'standing' | 'rights'>>

/** One location for every state that a token can be in (Apple contract 11.6). */
export const states: Seed = {
  name: 'states',
  contents:
    'valid, 30 days left, 12 hours left, expired, revoked, unknown, legacy and read-only, one location each',
  libraries: [
    location(10, 'Hamburg Terminal', { promise: unclaimed }),
    location(11, 'Bremen Yard', { promise: unclaimed, expiresInSeconds: 30 * daySeconds }),
    location(12, 'Rostock Pier', { promise: unclaimed, expiresInSeconds: daySeconds / 2 }),
    location(13, 'Emden Dock', {
      promise: { state: 'expired', reason: 'expired' },
      expiresInSeconds: -daySeconds,
    }),
    location(14, 'Lübeck Workshop', {
      promise: { state: 'invalid', reason: 'revokedByApple' },
      standing: 'revoked',
    }),
    location(15, 'Wismar Store', {
      promise: { state: 'invalid', reason: 'rejectedByApple' },
      standing: 'unknown',
    }),
    location(16, 'Stralsund Office', {
      promise: { state: 'invalid', reason: 'legacyToken' },
      standing: 'legacy',
    }),
    location(17, 'Cuxhaven Reading Room', { promise: unclaimed, rights: 'read-only' }),
  ],
}

function location(number: number, name: string, state: State): LibrarySeed {
  return depot(number, name, [
    {
      tokenId: `states-${number}`,
      displayName: name,
      account: `a${number}@harbour.example`,
      expiresInSeconds: seasonSeconds,
      ...state,
    },
  ])
}

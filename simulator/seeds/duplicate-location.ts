import { depot } from './depot.ts'
import { type Seed, seasonSeconds, unclaimed } from './seed.ts'

export const duplicateLocation: Seed = {
  name: 'duplicate-location',
  contents: 'one location with two valid tokens, downloaded by two accounts',
  libraries: [
    depot(30, 'Brunsbüttel Lock', [
      {
        tokenId: 'duplicate-30a',
        displayName: 'Brunsbüttel Lock',
        account: 'a30@harbour.example',
        expiresInSeconds: seasonSeconds,
        promise: unclaimed,
      },
      {
        tokenId: 'duplicate-30b',
        displayName: 'Brunsbüttel Lock, second download',
        account: 'b30@harbour.example',
        expiresInSeconds: seasonSeconds,
        promise: { state: 'duplicateLocationId', reason: 'duplicateLocation' },
      },
    ]),
  ],
}

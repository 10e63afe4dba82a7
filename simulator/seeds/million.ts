import { depot } from './depot.ts'
import { type Seed, seasonSeconds, unclaimed } from './seed.ts'

/** A hundred apps on ten thousand devices (Apple contract 11.6, 11.9). */
export const million: Seed = {
  name: 'million',
  contents: '100 assets, each assigned to 10,000 devices: a million assignments',
  libraries: [
    depot(
      80,
      'Bremerhaven Car Terminal',
      [
        {
          tokenId: 'million-80',
          displayName: 'Bremerhaven Car Terminal',
          account: 'a80@harbour.example',
          expiresInSeconds: seasonSeconds,
          promise: unclaimed,
        },
      ],
      {
        assets: [],
        assignments: [],
        users: [],
        generated: { seed: 1, assets: 100, devices: 10_000 },
      },
    ),
  ],
}

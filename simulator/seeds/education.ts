import { depot } from './depot.ts'
import { type Seed, seasonSeconds, unclaimed } from './seed.ts'

export const education: Seed = {
  name: 'education',
  contents: 'a school in another country',
  libraries: [
    depot(
      70,
      'Dover Nautical School',
      [
        {
          tokenId: 'education-70',
          displayName: 'Dover Nautical School',
          account: 'a70@harbour.example',
          expiresInSeconds: seasonSeconds,
          promise: unclaimed,
        },
      ],
      { defaultPlatform: 'volumestore', country: 'GB' },
    ),
  ],
}

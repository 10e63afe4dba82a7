import { depot } from './depot.ts'
import { type Seed, seasonSeconds, unclaimed } from './seed.ts'

export const shortage: Seed = {
  name: 'shortage',
  contents: 'an app with three free licences, for a fleet of ten devices',
  libraries: [
    depot(
      50,
      'Sassnitz Harbour Office',
      [
        {
          tokenId: 'shortage-50',
          displayName: 'Sassnitz Harbour Office',
          account: 'a50@harbour.example',
          expiresInSeconds: seasonSeconds,
          promise: unclaimed,
        },
      ],
      {
        assets: [{ adamId: '9000050001', pricingParam: 'STDQ', totalCount: 3 }],
        assignments: [],
      },
    ),
  ],
}

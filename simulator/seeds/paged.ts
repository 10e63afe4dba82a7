import { depot } from './depot.ts'
import { type Seed, seasonSeconds, unclaimed } from './seed.ts'

const assetCount = 250
const assignmentsPerAsset = 10
const userCount = 300

const adamIdOf = (index: number) => String(9_000_060_001 + index)
const digits = (index: number) => String(index + 1).padStart(4, '0')

/** Many short pages: 250 assets, 2,500 assignments and 300 users, seven to a page (Apple contract 11.6). */
export const paged: Seed = {
  name: 'paged',
  contents: '250 assets, 2,500 assignments and 300 users; sets the page size of its world to 7',
  pageSize: 7,
  libraries: [
    depot(
      60,
      'Wilhelmshaven Container Park',
      [
        {
          tokenId: 'paged-60',
          displayName: 'Wilhelmshaven Container Park',
          account: 'a60@harbour.example',
          expiresInSeconds: seasonSeconds,
          promise: unclaimed,
        },
      ],
      {
        assets: Array.from({ length: assetCount }, (_, index) => ({
          adamId: adamIdOf(index),
          pricingParam: 'STDQ',
          totalCount: 20,
        })),
        assignments: Array.from({ length: assetCount * assignmentsPerAsset }, (_, index) => ({
          adamId: adamIdOf(Math.floor(index / assignmentsPerAsset)),
          pricingParam: 'STDQ',
          serialNumber: `POMSER6${digits(index % 500)}0`,
        })),
        users: Array.from({ length: userCount }, (_, index) => ({
          clientUserId: `u-60-${digits(index)}`,
          email: `u-60-${digits(index)}@harbour.example`,
          idHash: Buffer.from(`made-up-hash-60-${digits(index)}`).toString('base64'),
          status: 'Associated',
        })),
      },
    ),
  ],
}

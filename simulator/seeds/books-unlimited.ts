import { depot } from './depot.ts'
import { type Seed, seasonSeconds, unclaimed } from './seed.ts'

/** Every kind of asset that licence arithmetic has to survive (Apple contract 11.6). */
export const booksUnlimited: Seed = {
  name: 'books-unlimited',
  contents:
    'a book in both qualities, a book that stays with its reader, an app for people only, an unlimited app, a total of 2147483646',
  libraries: [
    depot(
      40,
      'Helgoland Library',
      [
        {
          tokenId: 'books-40',
          displayName: 'Helgoland Library',
          account: 'a40@harbour.example',
          expiresInSeconds: seasonSeconds,
          promise: unclaimed,
        },
      ],
      {
        assets: [
          book('9000040001', 'STDQ', 6),
          book('9000040001', 'PLUS', 4),
          book('9000040002', 'STDQ', 3),
          { adamId: '9000040003', pricingParam: 'STDQ', totalCount: 8, deviceAssignable: false },
          { adamId: '9000040004', pricingParam: 'STDQ', totalCount: 'unlimited' },
          { adamId: '9000040005', pricingParam: 'STDQ', totalCount: 2_147_483_646 },
        ],
        assignments: [
          { adamId: '9000040001', pricingParam: 'PLUS', clientUserId: 'u-4001' },
          { adamId: '9000040001', pricingParam: 'STDQ', clientUserId: 'u-4001' },
          { adamId: '9000040004', pricingParam: 'STDQ', serialNumber: 'POMSER400001' },
          { adamId: '9000040005', pricingParam: 'STDQ', serialNumber: 'POMSER400001' },
        ],
      },
    ),
  ],
}

function book(adamId: string, pricingParam: 'STDQ' | 'PLUS', totalCount: number) {
  return {
    adamId,
    pricingParam,
    totalCount,
    productType: 'Book',
    deviceAssignable: false,
    revocable: false,
  } as const
}

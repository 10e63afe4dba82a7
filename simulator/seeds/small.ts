import { type Seed, seasonSeconds, uIdOf, unclaimed } from './seed.ts'

/** Exactly the samples of Apple contract section 2; at the default time its token file is vector V1 of 1.4. */
export const small: Seed = {
  name: 'small',
  contents: 'one unclaimed location with four assets, four assignments and three users',
  libraries: [
    {
      uId: uIdOf(1),
      locationName: 'Kiel Depot',
      assets: [
        { adamId: '9000000001', pricingParam: 'STDQ', totalCount: 10 },
        {
          adamId: '9000000002',
          pricingParam: 'STDQ',
          totalCount: 5,
          supportedPlatforms: ['macOS'],
        },
        {
          adamId: '9000000003',
          pricingParam: 'PLUS',
          productType: 'Book',
          totalCount: 4,
          retiredCount: 1,
          deviceAssignable: false,
          revocable: false,
        },
        {
          adamId: '9000000004',
          pricingParam: 'STDQ',
          totalCount: 'unlimited',
          supportedPlatforms: ['iOS', 'macOS'],
        },
      ],
      assignments: [
        { adamId: '9000000001', pricingParam: 'STDQ', serialNumber: 'POMSER000001' },
        { adamId: '9000000001', pricingParam: 'STDQ', clientUserId: 'u-0001' },
        { adamId: '9000000003', pricingParam: 'PLUS', clientUserId: 'u-0001' },
        { adamId: '9000000004', pricingParam: 'STDQ', serialNumber: 'POMSER000002' },
      ],
      users: [
        {
          clientUserId: 'u-0001',
          email: 'u-0001@harbour.example',
          idHash: 'bWFkZS11cC1oYXNoLTAwMDE=',
          status: 'Associated',
        },
        { clientUserId: 'u-0002', email: 'u-0002@harbour.example', status: 'Retired' },
        {
          clientUserId: 'u-0003',
          email: 'u-0003@harbour.example',
          inviteCode: '00000000000000000000000000000003',
          status: 'Registered',
        },
      ],
      tokens: [
        {
          tokenId: 'small-01',
          displayName: 'Kiel Depot',
          account: 'a1@harbour.example',
          secret: 'pomona-made-up-0001',
          expiresInSeconds: seasonSeconds,
          promise: unclaimed,
        },
      ],
    },
  ],
}

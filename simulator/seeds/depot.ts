import { type LibrarySeed, type TokenSeed, uIdOf } from './seed.ts'

/** A small location like many others, for seeds that are about its tokens. Its adamIds carry its number. */
export function depot(
  number: number,
  locationName: string,
  tokens: Omit<TokenSeed, 'secret'>[],
  more: Partial<LibrarySeed> = {},
): LibrarySeed {
  const app = `90000${number}001`
  const macApp = `90000${number}002`
  return {
    uId: uIdOf(number),
    locationName,
    assets: [
      { adamId: app, pricingParam: 'STDQ', totalCount: 20 },
      { adamId: macApp, pricingParam: 'STDQ', totalCount: 5, supportedPlatforms: ['macOS'] },
    ],
    assignments: [
      { adamId: app, pricingParam: 'STDQ', serialNumber: `POMSER${number}0001` },
      { adamId: app, pricingParam: 'STDQ', serialNumber: `POMSER${number}0002` },
      { adamId: app, pricingParam: 'STDQ', clientUserId: `u-${number}01` },
    ],
    users: [
      {
        clientUserId: `u-${number}01`,
        email: `u-${number}01@harbour.example`,
        idHash: Buffer.from(`made-up-hash-${number}01`).toString('base64'),
        status: 'Associated',
      },
    ],
    tokens: tokens.map((token) => ({ ...token, secret: `pomona-made-up-${token.tokenId}` })),
    ...more,
  }
}

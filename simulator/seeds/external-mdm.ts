import { depot } from './depot.ts'
import { type Seed, seasonSeconds, unclaimed } from './seed.ts'

export const externalMdm: Seed = {
  name: 'external-mdm',
  contents: 'a location held by another server, and one that nobody has claimed',
  libraries: [
    depot(
      20,
      'Flensburg Warehouse',
      [
        {
          tokenId: 'external-20',
          displayName: 'Flensburg Warehouse',
          account: 'a20@harbour.example',
          expiresInSeconds: seasonSeconds,
          promise: { state: 'assignedToExternalMDM', reason: 'heldByOtherMdm' },
        },
      ],
      {
        mdmInfo: { id: '5e1f0c4e-0000-4000-8000-0000000000ff', name: 'Old MDM', metadata: 'x' },
      },
    ),
    depot(21, 'Husum Ferry Desk', [
      {
        tokenId: 'external-21',
        displayName: 'Husum Ferry Desk',
        account: 'a21@harbour.example',
        expiresInSeconds: seasonSeconds,
        promise: unclaimed,
      },
    ]),
  ],
}

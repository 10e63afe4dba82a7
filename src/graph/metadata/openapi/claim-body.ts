import type { Body } from './bodies.ts'

/** What a claim is sent: required, since a claim without it would be a blind one. */
export const claimBody: Body = {
  schema: {
    type: 'object',
    required: ['holderId'],
    properties: {
      holderId: {
        type: ['string', 'null'],
        description: 'The id of the server that holds the location, as owner shows it; null = none',
      },
    },
  },
  example: { holderId: '5e1f0c4e-0000-4000-8000-0000000000ff' },
}

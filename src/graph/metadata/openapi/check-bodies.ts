/** What `checkToken` is sent and what it answers, as JSON schemas. */
import type { Body } from './bodies.ts'
import type { JsonSchema } from './schemas.ts'

export const checkBody: Body = {
  schema: {
    type: 'object',
    required: ['token'],
    properties: {
      token: { type: 'string', description: 'The text of a content token (.vpptoken)' },
      renews: {
        type: ['string', 'null'],
        format: 'uuid',
        description: 'The id of the token that it is to renew',
      },
    },
  },
  example: { token: '<text of a .vpptoken file>' },
}

export const checkAnswer: JsonSchema = {
  type: 'object',
  properties: {
    ok: { type: 'boolean', description: 'False: storing it would be a mistake' },
    class: { type: ['string', 'null'], description: 'F01 to F18; null when all is well' },
    message: { type: ['string', 'null'] },
    organizationName: { type: ['string', 'null'] },
    fingerprint: { type: ['string', 'null'] },
    expirationDateTime: { type: ['string', 'null'], format: 'date-time' },
    location: {
      type: ['object', 'null'],
      properties: { id: { type: 'string' }, name: { type: ['string', 'null'] } },
      description: 'Null when Apple was not asked or did not answer',
    },
  },
}

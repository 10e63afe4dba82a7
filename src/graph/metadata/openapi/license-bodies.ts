/** What a plan or an intent is sent, and what a plan answers, as JSON schemas. */
import { licenseAction } from '../../../model/license-request.ts'
import type { JsonSchema } from './schemas.ts'

const text = { type: 'string', maxLength: 256 }
const count = { type: 'integer' }
const texts = (description: string) => ({ type: 'array', items: text, minItems: 1, description })
const asset = {
  adamId: { type: 'string', description: 'Number of the app or book at Apple' },
  pricingParam: { type: 'string', description: 'STDQ, which it is when left out, or PLUS' },
}
const target = {
  serialNumber: { ...text, description: 'The device' },
  clientUserId: { ...text, description: 'The user' },
}
const list = (properties: JsonSchema, required: readonly string[], description: string) => ({
  type: 'array',
  minItems: 1,
  items: { type: 'object', required, properties },
  description,
})

export const licenseRequestBody = {
  schema: {
    type: 'object',
    required: ['action'],
    properties: {
      action: { type: 'string', enum: Object.keys(licenseAction.members) },
      assets: list(asset, ['adamId'], 'To assign or unassign: each for every target'),
      serialNumbers: texts('Their targets, as devices; or clientUserIds'),
      clientUserIds: texts('Their targets, as users; or serialNumbers'),
      pairs: list({ ...asset, ...target }, ['adamId'], 'To assign or unassign, one by one'),
      serialNumber: { ...text, description: 'To reclaim: everything that this device holds' },
      clientUserId: { ...text, description: 'To reclaim: everything that this user holds' },
      adamId: { type: 'string', description: 'To reclaim: every licence of this app or book' },
      everything: { type: 'boolean', description: 'To reclaim: true, every licence there is' },
      knownSerialNumbers: texts('To reclaim: what devices hold that are not among these'),
      users: list(
        { clientUserId: text, email: text, managedAppleId: text },
        ['clientUserId'],
        'To create, update or retire',
      ),
    },
  },
  example: {
    action: 'assign',
    assets: [{ adamId: '361309726', pricingParam: 'STDQ' }],
    serialNumbers: ['<serial number>'],
  },
}

export const licensePlanSchema: JsonSchema = {
  type: 'object',
  properties: {
    totalCount: { ...count, description: 'Pairs of asset and target, or users' },
    toDoCount: { ...count, description: 'Of these: would be asked of Apple' },
    skipped: {
      type: 'object',
      additionalProperties: count,
      description: 'Of these: would not, counted by reason',
    },
    assets: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          ...asset,
          toDoCount: count,
          skipped: { type: 'object', additionalProperties: count },
          isUnlimited: { type: 'boolean' },
          availableCount: { ...count, description: 'As the last sync found it' },
          assignedCount: { ...count, description: 'As the last sync found it' },
        },
      },
    },
    pairs: {
      type: 'array',
      maxItems: 1_000,
      items: {
        type: 'object',
        properties: {
          ...asset,
          ...target,
          skippedFor: { type: ['string', 'null'], description: 'Why not; null = to be done' },
          message: { type: ['string', 'null'], description: 'What that means, and what to do' },
        },
      },
      description: 'The first 1,000; of users only, the number and the quality are empty',
    },
    callCount: { ...count, description: 'About how many calls of Apple it takes' },
    listedHolderCount: {
      ...{ type: ['integer', 'null'], minimum: 0 },
      description:
        'Of the serial numbers in knownSerialNumbers: those that hold licences here; 0 tells of a wrong list. Null for any other request',
    },
    refusal: {
      type: ['string', 'null'],
      description: 'Why it would be refused now; null when it would not',
    },
  },
}

/** The subscription of a tenant, which clients look for before anything else (graph G12, 8.1). */
import { complexType, entityType, type FaceNames } from './entity-type.ts'
import { complexes, guid, int32, text } from './kinds.ts'

const both: FaceNames = { 'v1.0': true, beta: true }
const service = 'service' as const
/** In Graph's schema; here there is always a value. */
const nullable = { 'v1.0': true, beta: true } as const
const textField = { shape: { kind: 'text', maxLength: 256 }, nullable: true } as const

const servicePlanInfo = complexType({
  name: 'servicePlanInfo',
  fields: {
    servicePlanId: { shape: { kind: 'guid' }, nullable: true },
    servicePlanName: textField,
    provisioningStatus: textField,
    appliesTo: textField,
  },
})

export const subscribedSku = entityType({
  names: { 'v1.0': 'subscribedSku', beta: 'subscribedSku' },
  properties: {
    id: text({ faces: both, write: service, description: 'Key: the tenant and the product' }),
    skuId: guid({ faces: both, write: service, nullableIn: nullable, description: 'The product' }),
    skuPartNumber: text({ faces: both, write: service, description: 'Its name' }),
    appliesTo: text({ faces: both, write: service, description: 'Always Company' }),
    capabilityStatus: text({
      faces: both,
      write: service,
      description: 'Enabled, or Suspended for a suspended tenant',
    }),
    consumedUnits: int32({
      faces: both,
      write: service,
      nullableIn: nullable,
      description: 'Always 0',
    }),
    servicePlans: complexes(servicePlanInfo, {
      faces: both,
      write: service,
      maxItems: 10,
      description: 'The plan of Intune that real clients check for',
    }),
  },
})

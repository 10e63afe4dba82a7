/** What a tenant may show of its subscription: clients look for it before they ask for anything else (graph G12, 8.1). */
import type { ComplexValue } from '../../model/entity-type.ts'
import type { Tenant } from '../../model/tenant.ts'

/** Names and ids are those that real clients know. */
const intune = { skuId: '061f9ace-7d42-4136-88ac-31dc755f143f', skuPartNumber: 'INTUNE_A' }
const plan = { id: 'c1ec4a95-1f05-45b3-a911-aa3fa01094f5', name: 'INTUNE_A' }

export interface Subscription {
  readonly id: string
  readonly skuId: string
  readonly skuPartNumber: string
  readonly appliesTo: string
  readonly capabilityStatus: 'Enabled' | 'Suspended'
  readonly consumedUnits: number
  readonly servicePlans: readonly ComplexValue[]
}

export function subscriptionOf({ id, status }: Tenant): Subscription {
  return {
    id: `${id}_${intune.skuId}`,
    ...intune,
    appliesTo: 'Company',
    capabilityStatus: status === 'active' ? 'Enabled' : 'Suspended',
    consumedUnits: 0,
    servicePlans: [
      {
        type: 'servicePlanInfo',
        servicePlanId: plan.id,
        servicePlanName: plan.name,
        provisioningStatus: 'Success',
        appliesTo: 'Company',
      },
    ],
  }
}

/** A location at the simulator that is Pomona's already, and its token in a service's data. */
import { randomUUID } from 'node:crypto'
import type { Instance } from '../../src/compose/instance.ts'
import { addToken } from '../../src/domain/tokens/add-token.ts'
import { instantOf } from '../../src/model/date-time-offset.ts'
import { observed } from '../../src/model/ownership.ts'
import { tenantId } from './cli-world.ts'
import type { CrashWorld } from './crash-world.ts'

/** The token is due. */
export async function ownLocation(
  { control, clock }: CrashWorld,
  instance: Instance,
  given: {
    readonly uId: string
    readonly name: string
    readonly adamIds: readonly string[]
    /** Of each of them. */
    readonly quantity: number
    /** Each has a licence of each of them. */
    readonly serialNumbers: readonly string[]
  },
): Promise<{ readonly tokenId: string; readonly file: string }> {
  const { uId, name, adamIds, quantity, serialNumbers } = given
  const path = `/libraries/${uId}`
  await control('POST', '/libraries', { uId, locationName: name })
  for (const adamId of adamIds) await control('POST', `${path}/buy`, { adamId, quantity })
  const assets = adamIds.map((adamId) => ({ adamId }))
  if (serialNumbers.length > 0)
    await control('POST', `${path}/assignments`, { assets, serialNumbers })
  const mdmId = randomUUID()
  await control('PUT', `${path}/mdm-info`, { id: mdmId, name: 'Pomona', metadata: 'pomona' })
  const at = instantOf(clock.now())
  await instance.storage
    .forTenant(tenantId)
    .transaction(({ ownership }) =>
      ownership.put({ ...observed({ locationId: uId, mdmId, at }), state: 'ours' }),
    )
  const { file } = await control('POST', `${path}/tokens`, {})
  const actor = { tenantId, name: 'client' }
  const { record } = await addToken(instance, actor, { token: file, displayName: name })
  return { tokenId: record.id, file }
}

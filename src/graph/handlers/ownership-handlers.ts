/** Who manages a location: looked at, claimed, given up (graph H12, Apple 7). */
import { readOwner } from '../../domain/ownership/read-owner.ts'
import { requestClaim, requestRelease } from '../../domain/ownership/request-claim.ts'
import { readEmptyActionBody } from '../request/action-body.ts'
import { readClaim } from '../request/claim-body.ts'
import { type Handler, reads, takes } from './handler.ts'

export const ownershipHandlers = {
  getOwner: reads('entity', async ({ storage }, { actor, id }) => ({
    kind: 'entity',
    row: { record: (await readOwner(storage, actor, id())).record },
  })),
  claimLocation: takes({
    body: readClaim,
    handle: async (deps, { actor, id }, seen) => {
      const { record } = await requestClaim(deps, actor, id(), seen)
      deps.onDue()
      return { kind: 'acted', row: { record } }
    },
  }),
  releaseLocation: takes({
    body: (request, { name }) => readEmptyActionBody(request, name),
    handle: async (deps, { actor, id }) => {
      const { record } = await requestRelease(deps, actor, id())
      deps.onDue()
      return { kind: 'acted', row: { record } }
    },
  }),
} as const satisfies Record<string, Handler>

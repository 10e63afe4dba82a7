/** A turned world whose one location is Pomona's own, and its work on licences driven to the end. */
import { randomUUID } from 'node:crypto'
import { type GraphAction, requestLicenses } from '../../src/domain/licenses/request-licenses.ts'
import { requestClaim } from '../../src/domain/ownership/request-claim.ts'
import type { LicenseReceipt, StoredIntent } from '../../src/model/license-intent.ts'
import type { LicenseRequest } from '../../src/model/license-request.ts'
import type { Storage } from '../../src/ports/storage.ts'
import { storedRows, trueView } from './stored-truth.ts'
import { firstTenantId, type TurnedWorld, turnedWorld } from './turned-world.ts'

export interface LicenseWorld extends TurnedWorld {
  readonly uId: string
  readonly tokenId: string
  /** Through another token of the location where one is given. */
  ask(request: LicenseRequest, action?: GraphAction, tokenId?: string): Promise<StoredIntent>
  /** Runs whatever becomes due until the intent has ended and its sync is over; answers it. */
  finish(intent: StoredIntent): Promise<StoredIntent>
  receipts(intent: StoredIntent): Promise<readonly LicenseReceipt[]>
  /** What is stored against what is true at Apple. */
  views(): Promise<readonly [unknown, unknown]>
}

export async function licenseWorld(seed: string, uId: string): Promise<LicenseWorld> {
  const world = await turnedWorld([seed])
  const [file] = await world.apple.tokensOf(uId)
  const tokenId = await world.addToken(file?.file ?? '')
  await world.run()
  await claim(world, tokenId)
  return {
    ...world,
    uId,
    tokenId,
    ask: (request, action, through = tokenId) =>
      requestLicenses(requesting(world), actor, through, request, action),
    async finish({ record }) {
      for (let turns = 0; turns < 200; turns += 1) {
        const intent = await world.tenant.reads.intents.find(record.id)
        const isSynced = !(await world.tenant.reads.runs.findActive(tokenId))
        const hasEnded = intent !== undefined && isEnded(intent)
        if (hasEnded && isSynced) return intent
        await world.runWhenDue(hasEnded ? tokenId : record.tokenId)
      }
      throw new Error('The intent did not end.')
    },
    receipts: async ({ record }) =>
      (await world.tenant.reads.intents.receipts(record.id, { limit: 10_000 })).rows,
    views: async () => [
      await storedRows(world.tenant.reads, tokenId),
      await trueView(world.apple, uId),
    ],
  }
}

export function isEnded({ record }: StoredIntent): boolean {
  return record.status !== 'waiting' && record.status !== 'active'
}

/** As an administrator does it: asked for, done, and found unchanged a minute later. */
async function claim(world: TurnedWorld, tokenId: string): Promise<void> {
  await requestClaim(requesting(world), actor, tokenId, { id: null })
  for (let runs = 0; runs < 5; runs += 1) {
    const { ownership } = world.tenant.reads
    const { locationId } = (await world.token(tokenId)).record
    if ((await ownership.find(locationId ?? ''))?.state === 'ours') return
    await world.runWhenDue(tokenId)
  }
  throw new Error('The location could not be claimed.')
}

const actor = { tenantId: firstTenantId, name: 'client' }

function requesting({ tenant, clock }: TurnedWorld) {
  const storage = { forTenant: () => tenant } as unknown as Storage
  return { storage, clock, newId: randomUUID, appleMode: 'simulated' } as const
}

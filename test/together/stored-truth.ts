/** What Pomona keeps of a location and what is really in it, in one form, so that a test can compare the two. */
import type { TenantStorage } from '../../src/ports/storage.ts'
import type { RunningService } from '../running-service.ts'
import { tenantId } from '../running-service.ts'
import type { AppleSide } from './apple-side.ts'

export interface LocationView {
  readonly assets: readonly string[]
  readonly assignments: readonly string[]
  readonly users: readonly string[]
}

export function storedView(service: RunningService, tokenId: string): Promise<LocationView> {
  return storedRows(service.storage.forTenant(tenantId).reads, tokenId)
}

export async function storedRows(
  { assets, assignments, users }: TenantStorage['reads'],
  tokenId: string,
): Promise<LocationView> {
  const all = 100_000
  return {
    assets: (await assets.list(tokenId, 0, all))
      .map(({ row }) =>
        [
          row.adamId,
          row.pricingParam,
          row.totalCount,
          row.availableCount,
          row.assignedCount,
          row.retiredCount,
        ].join(' '),
      )
      .sort(),
    assignments: (await assignments.list(tokenId, 0, all))
      .map(({ row }) => [row.adamId, row.pricingParam, row.targetKind, row.target].join(' '))
      .sort(),
    users: (await users.list(tokenId, 0, all))
      .map(({ row }) => [row.clientUserId, row.status, row.email, row.idHash].join(' '))
      .sort(),
  }
}

export async function trueView(apple: AppleSide, uId: string): Promise<LocationView> {
  const truth = await apple.control('GET', `/libraries/${uId}/truth`)
  return {
    assets: truth.assets
      .map((asset: Record<string, unknown>) =>
        [
          asset.adamId,
          asset.pricingParam,
          asset.totalCount,
          asset.availableCount,
          asset.assignedCount,
          asset.retiredCount,
        ].join(' '),
      )
      .sort(),
    assignments: truth.assignments
      .map(({ adamId, pricingParam, serialNumber, clientUserId }: Record<string, string>) =>
        [
          adamId,
          pricingParam,
          serialNumber === undefined ? 'clientUserId' : 'serialNumber',
          serialNumber ?? clientUserId,
        ].join(' '),
      )
      .sort(),
    users: truth.users
      .map(({ clientUserId, status, email, idHash }: Record<string, string>) =>
        [clientUserId, status, email ?? null, idHash ?? null].join(' '),
      )
      .sort(),
  }
}

/** Asks for a sync and waits for its end; answers Pomona's own view of the token. */
export async function syncNow(service: RunningService, tokenId: string) {
  await service.ask('POST', `/v1.0/deviceAppManagement/vppTokens/${tokenId}/syncLicenses`)
  return syncEnd(service, tokenId)
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever JSON came back
export async function syncEnd(service: RunningService, tokenId: string): Promise<any> {
  const { runs } = service.storage.forTenant(tenantId).reads
  for (let look = 0; look < 3_000; look++) {
    if ((await runs.findActive(tokenId)) === undefined) {
      const { json } = await service.ask('GET', `/pomona/v1/tokens/${tokenId}`)
      return json
    }
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('The sync did not end in time')
}

/** Creates a token through the Graph API and waits for its first sync. */
export async function addSynced(service: RunningService, file: string): Promise<string> {
  const created = await service.ask('POST', '/beta/deviceAppManagement/vppTokens', {
    body: { displayName: 'Kiel', token: file },
  })
  await syncEnd(service, created.json.id)
  return created.json.id
}

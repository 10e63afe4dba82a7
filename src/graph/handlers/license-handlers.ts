/** What each operation on licences and users of a location does (graph H12), and the revoke actions (graph 4.2, 5.1). */
import { type LicensePlan, planLicenses } from '../../domain/licenses/plan-licenses.ts'
import { getIntent, poolOfToken } from '../../domain/licenses/read-intents.ts'
import { getItem } from '../../domain/licenses/read-library.ts'
import { requestLicenses } from '../../domain/licenses/request-licenses.ts'
import { getToken } from '../../domain/tokens/read-tokens.ts'
import { itemReasonText } from '../../model/item-reason-text.ts'
import type { IntentCause, StoredIntent } from '../../model/license-intent.ts'
import type { ReclaimScope } from '../../model/license-request.ts'
import type { ListedPage } from '../../model/list-query.ts'
import type { JsonMembers } from '../../model/payload/encode.ts'
import { type ActionParameters, readActionBody } from '../request/action-body.ts'
import { readLicenseRequest } from '../request/license-body.ts'
import { type Handler, type Input, type Row, reads, takes, type UseCaseDeps } from './handler.ts'
import { listed } from './listed.ts'

const shown = ({ record, version }: StoredIntent): Row => ({ record, version })
const plain = (record: Row['record']): Row => ({ record })

function shownPage<Stored>(page: ListedPage<Stored>, show: (row: Stored) => Row): ListedPage<Row> {
  return { ...page, rows: page.rows.map(show) }
}

/** Of one token, or of all. */
function intentsOf({ storage }: UseCaseDeps, input: Input, tokenId: string | null) {
  const { intents } = storage.forTenant(input.actor.tenantId).reads
  return listed(
    input,
    async (query) => shownPage(await intents.list(tokenId, query), shown),
    (filter) => intents.count(tokenId, filter),
  )
}

/** Takes licences of an app back; in mode `off` nothing changes (graph G6). */
const revokesOfApp = (
  cause: IntentCause,
  scopeOf: (adamId: string, parameters: ActionParameters) => ReclaimScope,
) =>
  takes({
    body: readActionBody,
    handle: async (deps, { actor, id }, parameters) => {
      const { record } = await getItem(deps.storage, actor, ['iosVppApp'], id('appId'))
      if (deps.appleMode === 'off') return { kind: 'nothing' }
      const from = scopeOf(record.adamId, parameters)
      const action = { cause, itemId: record.id }
      await requestLicenses(deps, actor, record.vppTokenId, { action: 'reclaim', from }, action)
      deps.onDue()
      return { kind: 'nothing' }
    },
  })

export const licenseHandlers = {
  planLicenses: takes({
    body: readLicenseRequest,
    handle: async ({ storage }, { actor, id }, request) => ({
      kind: 'value',
      members: planMembers(await planLicenses(storage, actor, id(), request)),
    }),
  }),
  requestLicenses: takes({
    isRecognized: true,
    body: readLicenseRequest,
    handle: async (deps, { actor, id, retry }, request) => {
      const cause = { cause: 'request' } as const
      const keyed = retry && {
        ...{ ...retry, recognizedMs: deps.recognizeRetriesMs },
        requestHash: deps.secretBox.hash(JSON.stringify([retry.root, id(), request])),
      }
      const intent = await requestLicenses(deps, actor, id(), request, cause, keyed)
      deps.onDue()
      return { kind: 'created', row: shown(intent), echo: null }
    },
  }),
  listIntents: reads('list', (deps, input) => intentsOf(deps, input, null)),
  listTokenIntents: reads('list', async (deps, input) => {
    const { record } = await getToken(deps.storage, input.actor, input.id())
    return intentsOf(deps, input, record.id)
  }),
  getIntent: reads('entity', async ({ storage }, { actor, id }) => ({
    kind: 'entity',
    row: shown(await getIntent(storage, actor, id('intentId'))),
  })),
  listReceipts: reads('list', async ({ storage }, input) => {
    const { record } = await getIntent(storage, input.actor, input.id('intentId'))
    const { intents } = storage.forTenant(input.actor.tenantId).reads
    return listed(
      input,
      async (query) => shownPage(await intents.receipts(record.id, query), plain),
      (filter) => intents.countReceipts(record.id, filter),
    )
  }),
  listLocationLicenses: reads('list', async ({ storage }, input) => {
    const { location } = storage.forTenant(input.actor.tenantId).reads
    const poolId = await poolOfToken(storage, input.actor, input.id())
    return listed(
      input,
      async (query) => shownPage(await location.licenses(poolId, query), plain),
      (filter) => location.countLicenses(poolId, filter),
    )
  }),
  listLocationUsers: reads('list', async ({ storage }, input) => {
    const { location } = storage.forTenant(input.actor.tenantId).reads
    const poolId = await poolOfToken(storage, input.actor, input.id())
    return listed(
      input,
      async (query) => shownPage(await location.users(poolId, query), plain),
      (filter) => location.countUsers(poolId, filter),
    )
  }),
  revokeLicenses: takes({
    body: readActionBody,
    handle: async (deps, { actor, id }, { revokeUntrackedLicenses }) => {
      const { record } = await getToken(deps.storage, actor, id())
      if (deps.appleMode === 'off') return { kind: 'nothing' }
      const from = { kind: 'everything' } as const
      const ours = revokeUntrackedLicenses === true ? {} : ({ isOursOnly: true } as const)
      const request = { action: 'reclaim', from, ...ours } as const
      await requestLicenses(deps, actor, record.id, request, { cause: 'revokeLicenses' })
      deps.onDue()
      return { kind: 'nothing' }
    },
  }),
  revokeAllLicenses: revokesOfApp('revokeAllLicenses', (adamId) => ({ kind: 'app', adamId })),
  revokeUserLicense: revokesOfApp('revokeUserLicense', (adamId, { userId }) => ({
    ...{ kind: 'target', targetKind: 'clientUserId', target: String(userId), adamId },
  })),
  // Pomona manages no devices: one is known by its serial number.
  revokeDeviceLicense: revokesOfApp('revokeDeviceLicense', (adamId, { managedDeviceId }) => ({
    ...{ kind: 'target', targetKind: 'serialNumber', target: String(managedDeviceId), adamId },
  })),
} as const satisfies Record<string, Handler>

function planMembers(plan: LicensePlan): JsonMembers {
  return {
    ...plan,
    assets: plan.assets.map(({ adamId, pricingParam, asset, toDo, skipped }) => ({
      ...{ adamId, pricingParam, toDoCount: toDo, skipped },
      isUnlimited: asset?.isUnlimited ?? false,
      availableCount: asset?.availableCount ?? 0,
      assignedCount: asset?.assignedCount ?? 0,
    })),
    pairs: plan.pairs.map(({ pair: { targetKind, target, ...asset }, skipped }) => ({
      ...{ adamId: asset.adamId, pricingParam: asset.pricingParam, [targetKind]: target },
      skippedFor: skipped,
      message: itemReasonText(skipped),
    })),
  }
}

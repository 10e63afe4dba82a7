/** What Graph shows of the revoke actions: on the token, or on the app (graph G16, 3.4, 5.3; failure reasons from Apple 9.1). */
import { type Instant, utc } from '../../model/date-time-offset.ts'
import type { ComplexValue } from '../../model/entity-type.ts'
import type { IntentStatus, StoredIntent } from '../../model/license-intent.ts'
import type { TenantStores } from '../../ports/storage.ts'

/** Results that a record keeps; the oldest go. */
const mostKept = 100

const states: Readonly<Record<IntentStatus, string>> = {
  waiting: 'pending',
  active: 'active',
  done: 'done',
  incomplete: 'failed',
  failed: 'failed',
}

/** Writes the state of the intent where Graph shows it; nothing for one that Graph knows nothing of. */
export async function showResult(
  stores: TenantStores,
  intent: StoredIntent,
  now: Instant,
): Promise<void> {
  if (intent.record.cause === 'request') return
  if (intent.record.cause === 'revokeLicenses') await showOnToken(stores, intent, now)
  else if (intent.itemId !== null) await showOnItem(stores, intent, intent.itemId, now)
}

async function showOnToken(stores: TenantStores, intent: StoredIntent, now: Instant) {
  const token = await stores.tokens.get(intent.record.tokenId)
  const expired = token.record.state === 'expired'
  const result = { type: 'vppTokenRevokeLicensesActionResult', ...resultOf(intent, expired, now) }
  const tokenActionResults = withResult(token.record.tokenActionResults, result)
  const record = { ...token.record, tokenActionResults, lastModifiedDateTime: utc(now) }
  await stores.tokens.update({ ...token, record })
}

/** The app may be gone by now, and its results with it. */
async function showOnItem(
  stores: TenantStores,
  intent: StoredIntent,
  itemId: string,
  now: Instant,
) {
  const item = await stores.library.find(itemId)
  if (!item) return
  const token = await stores.tokens.get(intent.record.tokenId)
  const expired = token.record.state === 'expired'
  const result = {
    type: 'iosVppAppRevokeLicensesActionResult',
    ...resultOf(intent, expired, now),
    ...targetOf(intent),
  }
  const known = item.record.revokeLicenseActionResults
  const revokeLicenseActionResults = withResult(known, result)
  const record = { ...item.record, revokeLicenseActionResults, lastModifiedDateTime: utc(now) }
  await stores.library.update(item.record.vppTokenId ?? '', [{ ...item, record }])
}

function resultOf({ record }: StoredIntent, hasExpired: boolean, now: Instant) {
  const { doneCount, failedCount, unknownCount, totalCount, skippedCount } = record
  const isEnded = record.status !== 'waiting' && record.status !== 'active'
  const hasFailed = isEnded && record.status !== 'done'
  const reason = hasExpired ? 'expiredVppToken' : failedCount > 0 ? 'appleFailure' : 'internalError'
  return {
    actionName: record.cause,
    actionState: states[record.status],
    startDateTime: record.createdDateTime,
    lastUpdatedDateTime: utc(now),
    totalLicensesCount: isEnded
      ? doneCount + failedCount + unknownCount
      : totalCount - skippedCount,
    failedLicensesCount: failedCount + unknownCount,
    actionFailureReason: hasFailed ? reason : 'none',
  }
}

/** Kept in the request until the receipts are written, in the results from the beginning. */
function targetOf({ request }: StoredIntent) {
  if (request?.action !== 'reclaim' || request.from.kind !== 'target') return {}
  const { targetKind, target } = request.from
  return targetKind === 'clientUserId' ? { userId: target } : { managedDeviceId: target }
}

/** In the place of the result of the same action at the same time, else behind all others. */
function withResult(
  results: readonly ComplexValue[],
  result: ComplexValue,
): readonly ComplexValue[] {
  const isSame = (one: ComplexValue) =>
    one.actionName === result.actionName &&
    JSON.stringify(one.startDateTime) === JSON.stringify(result.startDateTime)
  if (results.some(isSame)) return results.map((one) => (isSame(one) ? { ...one, ...result } : one))
  return [...results, { ...nobody(result), ...result }].slice(-mostKept)
}

function nobody({ type }: ComplexValue) {
  return type === 'iosVppAppRevokeLicensesActionResult'
    ? { userId: null, managedDeviceId: null }
    : {}
}

/** Takes work on licences or users in: the intent is stored with its audit event, and the token is due; the due loop does the rest. */
import type { Clock } from '../../model/clock.ts'
import { type Instant, instantOf, never, utc } from '../../model/date-time-offset.ts'
import { Failure } from '../../model/failure.ts'
import type { NewId, TokenId } from '../../model/ids.ts'
import type { IntentCause, StoredIntent } from '../../model/license-intent.ts'
import { isUsersRequest, type LicenseRequest } from '../../model/license-request.ts'
import type { Storage } from '../../ports/storage.ts'
import type { Actor } from '../tokens/actor.ts'
import { findCreated, type KeyedRequest } from '../tokens/recognize-retry.ts'
import { locationOf, requireWritable } from './location-of.ts'
import { showResult } from './revoke-results.ts'

export interface LicenseRequestDeps {
  readonly storage: Storage
  readonly clock: Clock
  readonly newId: NewId
  readonly appleMode: 'live' | 'simulated' | 'off'
}

/** Who asked, where it was one of Graph's actions, and the app whose results tell of it. */
export interface GraphAction {
  readonly cause: IntentCause
  readonly itemId?: string
}

/** Intents of one token that may wait for each other. */
const mostOpen = 100

/**
 * Failure `notFound` when there is no such token; `conflict` while its location may not be written to, or too much waits;
 * `idempotencyMismatch` when the key of a retry was used for another request.
 */
export async function requestLicenses(
  deps: LicenseRequestDeps,
  actor: Actor,
  tokenId: TokenId,
  request: LicenseRequest,
  action: GraphAction = { cause: 'request' },
  retry?: KeyedRequest,
): Promise<StoredIntent> {
  if (deps.appleMode === 'off')
    throw new Failure(
      'conflict',
      'Nothing can be changed at Apple: this service asks nobody (its setting apple-mode is off).',
    )
  const now = instantOf(deps.clock.now())
  return deps.storage.forTenant(actor.tenantId).transaction(async (stores) => {
    const first = retry && (await findCreated(stores.idempotency, retry, now))
    // The hash speaks for it: what the same request made is a change of licences too.
    if (first) return first as StoredIntent
    await requireWritable(stores, await locationOf(stores, tokenId))
    if ((await stores.intents.listOpen(tokenId)).length >= mostOpen)
      throw new Failure(
        'conflict',
        `${mostOpen} changes of licences of this token wait already. Ask again when some of them have ended.`,
      )
    const intent = newIntent({ id: deps.newId(), tokenId, actor, request, action, now })
    await stores.intents.insert(intent)
    await stores.audit.insert({
      id: deps.newId(),
      at: now,
      actor: actor.name,
      action: 'licenses.requested',
      subject: tokenId,
      details: { intentId: intent.record.id, ...told(request), cause: action.cause },
    })
    if (retry) {
      const { clientId, key, requestHash } = retry
      // What was asked for is long, and shown nowhere.
      const created = { ...intent, request: null }
      await stores.idempotency.put({ clientId, key, requestHash, at: now, created })
    }
    await showResult(stores, intent, now)
    await stores.tokens.makeDue(tokenId, now)
    return intent
  })
}

function newIntent(given: {
  readonly id: string
  readonly tokenId: TokenId
  readonly actor: Actor
  readonly request: LicenseRequest
  readonly action: GraphAction
  readonly now: Instant
}): StoredIntent {
  const { id, tokenId, actor, request, action, now } = given
  return {
    record: {
      ...{ id, tokenId, action: request.action, status: 'waiting', cause: action.cause },
      ...{ requestedBy: actor.name, message: null },
      ...{ totalCount: 0, doneCount: 0, skippedCount: 0, failedCount: 0, unknownCount: 0 },
      ...{ createdDateTime: utc(now), startedDateTime: never, endedDateTime: never },
    },
    version: 1,
    request,
    ...{ cursor: 0, wakeAt: now, pausedUntil: null, setbacks: 0, itemId: action.itemId ?? null },
  }
}

/** What was asked for, in few words. */
function told(request: LicenseRequest): Readonly<Record<string, string | number>> {
  const { action } = request
  if (isUsersRequest(request)) return { request: action, users: request.users.length }
  if (request.action === 'reclaim') return { request: action, from: request.from.kind }
  if ('pairs' in request) return { request: action, pairs: request.pairs.length }
  return { request: action, assets: request.assets.length, targets: request.targets.length }
}

/** Stores a new token with its sealed content, its audit event and its first run, all of them or none (graph D1, D2). */
import type { Clock } from '../../model/clock.ts'
import { instantOf } from '../../model/date-time-offset.ts'
import type { NewId } from '../../model/ids.ts'
import type { StoredToken } from '../../model/stored-token.ts'
import { queuedRun } from '../../model/sync-run.ts'
import type { SentVppToken } from '../../model/vpp-token.ts'
import type { SecretBox, SecretPlace } from '../../ports/secret-box.ts'
import type { Storage } from '../../ports/storage.ts'
import type { Actor } from './actor.ts'
import { newRecord, readSentContent } from './new-record.ts'
import { findCreated, type KeyedRequest } from './recognize-retry.ts'

export interface TokenDeps {
  readonly storage: Storage
  readonly secretBox: SecretBox
  readonly clock: Clock
  readonly newId: NewId
}

export interface Retry extends Omit<KeyedRequest, 'requestHash'> {
  /** Where it was sent: the same body under another root is another request. */
  readonly root: string
}

/**
 * Answers the record as created, before any sync. Whatever the content token says, it is stored; its first run judges it.
 * Failure `idempotencyMismatch` when the key of a retry was used for another request.
 */
export async function addToken(
  { storage, secretBox, clock, newId }: TokenDeps,
  actor: Actor,
  sent: SentVppToken,
  retry?: Retry,
): Promise<StoredToken> {
  const now = instantOf(clock.now())
  const id = newId()
  const content = sent.token == null ? undefined : readSentContent(sent.token)
  const place: SecretPlace = { tenantId: actor.tenantId, recordId: id, property: 'token' }
  const sealed = content && secretBox.seal(place, content.credential)
  const token: StoredToken = {
    record: newRecord({ id, sent, content, now }),
    version: 1,
    createdAt: now,
    dueAt: now,
    finding: null,
    contentHash: content ? secretBox.hash(content.credential) : null,
  }
  const keyed = retry && {
    ...retry,
    requestHash: secretBox.hash(JSON.stringify([retry.root, sent])),
  }
  return storage.forTenant(actor.tenantId).transaction(async (stores) => {
    const first = keyed && (await findCreated(stores.idempotency, keyed, now))
    // The hash speaks for it: what the same request made is a token too.
    if (first) return first as StoredToken
    await stores.tokens.insert(token)
    if (sealed) await stores.secrets.put(place, sealed)
    await stores.runs.insert(queuedRun({ id: newId(), tokenId: id, cause: 'create', now }))
    await stores.audit.insert({
      id: newId(),
      at: now,
      actor: actor.name,
      action: 'token.added',
      subject: id,
      details: {
        displayName: token.record.displayName,
        organizationName: token.record.organizationName,
        contentFingerprint: token.record.contentFingerprint,
      },
    })
    if (keyed) {
      const { clientId, key, requestHash } = keyed
      await stores.idempotency.put({ clientId, key, requestHash, at: now, created: token })
    }
    return token
  })
}

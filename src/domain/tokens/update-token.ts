/** Changes a token in place; a new content token renews it and loses nothing (graph 3.5, H5). */
import { type Instant, instantOf, neverInstant } from '../../model/date-time-offset.ts'
import { Failure } from '../../model/failure.ts'
import type { TokenId } from '../../model/ids.ts'
import type { StoredToken } from '../../model/stored-token.ts'
import { queuedRun } from '../../model/sync-run.ts'
import type { SentVppToken } from '../../model/vpp-token.ts'
import type { AppleVpp } from '../../ports/apple-vpp.ts'
import type { SealedSecret, SecretPlace } from '../../ports/secret-box.ts'
import type { TenantStores } from '../../ports/storage.ts'
import type { Actor } from './actor.ts'
import type { TokenDeps } from './add-token.ts'
import {
  contentFingerprint,
  findingWithContent,
  readSentContent,
  type SentContent,
  withContent,
} from './new-record.ts'
import { type ExpectedVersion, requireVersion } from './precondition.ts'
import { queueRun } from './queue-run.ts'
import { absentToken, getToken } from './read-tokens.ts'
import { judgeRenewal, type Renewal } from './renewal.ts'
import { updatedRecord } from './update-record.ts'

export interface UpdateDeps extends TokenDeps {
  /** Null in mode `off`: nobody is asked. */
  readonly apple: AppleVpp | null
}

/** Each attempt may ask Apple. */
const mostAttempts = 3

interface Credential {
  readonly content: SentContent
  readonly renewal: Renewal
  readonly contentHash: string
  readonly place: SecretPlace
  readonly sealed: SealedSecret
}

/**
 * Answers the token as changed. Failures `notFound`, `preconditionFailed`, those of `judgeRenewal`; then nothing has changed.
 * `token: null` is what every read shows, so it says nothing about the content token (graph D4).
 */
export async function updateToken(
  deps: UpdateDeps,
  actor: Actor,
  id: TokenId,
  sent: SentVppToken,
  expected: ExpectedVersion | undefined,
): Promise<StoredToken> {
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const updated = await tryUpdate(deps, actor, id, sent, expected)
    if (updated) return updated
  }
  throw new Failure(
    'conflict',
    'The content token of this record is being changed by somebody else at the same time. Nothing was changed; read the record and try again.',
  )
}

/** Undefined when the token that a renewal was judged against has become another one meanwhile: judge again. */
async function tryUpdate(
  deps: UpdateDeps,
  actor: Actor,
  id: TokenId,
  sent: SentVppToken,
  expected: ExpectedVersion | undefined,
): Promise<StoredToken | undefined> {
  const stored = await getToken(deps.storage, actor, id)
  requireVersion(stored, expected)
  const credential = await newCredential(deps, actor, stored, sent.token)
  const now = instantOf(deps.clock.now())
  return deps.storage.forTenant(actor.tenantId).transaction(async (stores) => {
    const current = await stores.tokens.find(id)
    if (!current) throw absentToken(id)
    requireVersion(current, expected)
    if (credential && !isSameGround(stored, current)) return undefined
    const isAppleAsked = deps.apple !== null
    const record = updatedRecord(current, sent, { now, isAppleAsked })
    const changed = credential
      ? await putCredential(deps, stores, { ...current, record }, credential, now)
      : { ...current, record }
    const updated = await stores.tokens.update({ ...changed, dueAt: dueBy(changed, current) })
    // The wish to claim the location is for the next run (graph 9, row 10).
    if (isAppleAsked && sent.claimTokenManagementFromExternalMdm)
      await queueRun(stores, { tokenId: id, cause: 'claim', now, newId: deps.newId })
    await stores.audit.insert({
      id: deps.newId(),
      at: now,
      actor: actor.name,
      action: credential ? 'token.renewed' : 'token.updated',
      subject: id,
      details: {
        members: Object.keys(sent).sort(),
        contentFingerprint: updated.record.contentFingerprint,
        isPending: credential?.renewal === 'pend',
      },
    })
    return updated
  })
}

/** What a judgement on a renewal rests upon. */
function isSameGround(judged: StoredToken, current: StoredToken): boolean {
  return (
    judged.contentHash === current.contentHash &&
    judged.record.locationId === current.record.locationId &&
    judged.record.pendingContentFingerprint === current.record.pendingContentFingerprint
  )
}

/** Undefined when the content token stays: none was sent, or the same one again. */
async function newCredential(
  deps: UpdateDeps,
  actor: Actor,
  stored: StoredToken,
  text: string | null | undefined,
): Promise<Credential | undefined> {
  if (text == null) return undefined
  const content = readSentContent(text)
  const contentHash = deps.secretBox.hash(content.credential)
  const isSame = contentHash === stored.contentHash
  if (isSame && stored.record.pendingContentFingerprint === null) return undefined
  // The stored one sent again takes a pending renewal back.
  const renewal = isSame ? 'replace' : await judgeRenewal(deps, stored, content)
  const place: SecretPlace = {
    tenantId: actor.tenantId,
    recordId: stored.record.id,
    property: renewal === 'pend' ? 'pendingToken' : 'token',
  }
  const sealed = deps.secretBox.seal(place, content.credential)
  return { content, renewal, contentHash, place, sealed }
}

/** A run under way with the old content token must not have the last word: the fence stops it, and a new run is queued. */
async function putCredential(
  { newId }: UpdateDeps,
  stores: TenantStores,
  token: StoredToken,
  { content, renewal, contentHash, place, sealed }: Credential,
  now: Instant,
): Promise<StoredToken> {
  const tokenId = token.record.id
  await stores.secrets.put(place, sealed)
  if (renewal === 'replace') await stores.secrets.remove({ ...place, property: 'pendingToken' })
  await stores.tokens.raiseFence(tokenId)
  const active = await stores.runs.findActive(tokenId)
  if (active?.status === 'running')
    await stores.runs.update({ ...active, status: 'superseded', endedAt: now })
  if (active?.status !== 'queued')
    await stores.runs.insert(queuedRun({ id: newId(), tokenId, cause: 'renewal', now }))
  const due = { ...token, dueAt: now }
  if (renewal === 'replace')
    return {
      ...due,
      record: withContent(token.record, content),
      finding: findingWithContent(token.finding),
      contentHash,
    }
  // While a renewal is pending the old facts show (graph H5).
  const pendingContentFingerprint = contentFingerprint(content.credential)
  return { ...due, record: { ...token.record, pendingContentFingerprint } }
}

/** An expiry that this change has set may come before the next sync. */
function dueBy({ dueAt, record }: StoredToken, before: StoredToken): Instant {
  const expiry = record.expirationDateTime.instant
  const isNew = expiry !== before.record.expirationDateTime.instant && expiry !== neverInstant
  return isNew && expiry < dueAt ? expiry : dueAt
}

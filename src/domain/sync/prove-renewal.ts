/**
 * A renewal that could not be judged when it was sent is judged by the next run (graph H5): proved, it takes the place of the
 * stored content token; refused or of another location, it is dropped; with Apple out of reach it goes on waiting.
 */
import { type AppleFinding, AppleTrouble } from '../../model/apple-finding.ts'
import { type Instant, instantOf } from '../../model/date-time-offset.ts'
import type { StoredToken } from '../../model/stored-token.ts'
import type { AppleConversation } from '../../ports/apple-vpp.ts'
import type { SealedSecret, SecretPlace } from '../../ports/secret-box.ts'
import type { TenantStores } from '../../ports/storage.ts'
import {
  findingWithContent,
  readSentContent,
  type SentContent,
  withContent,
} from '../tokens/new-record.ts'
import type { BegunRun, SyncDeps } from './run-context.ts'

/**
 * Leaves in `progress` what became of it, and the conversation, which the run goes on with. Answers the content token to go on by
 * when the new one has been proved.
 */
export async function proveRenewal(
  deps: SyncDeps,
  begun: BegunRun,
  signal: AbortSignal,
): Promise<SentContent | undefined> {
  const { taken, token, pending } = begun
  const { locationId } = token.record
  if (!pending || locationId === null) return undefined
  const content = readSentContent(deps.secretBox.open(placeOf(begun, 'pendingToken'), pending))
  const { locationKey } = taken.lease
  const conversation = deps.apple.converse(content.credential, locationKey, signal)
  begun.progress.conversation = conversation
  const refusal = await judge(conversation, locationId)
  if (refusal === 'unreachable') return undefined
  if (refusal === null) {
    await promote(deps, begun, content, instantOf(deps.clock.now()))
    return content
  }
  begun.progress.droppedRenewal = refusal
  return undefined
}

function placeOf({ taken }: BegunRun, property: SecretPlace['property']): SecretPlace {
  return { tenantId: taken.tenantId, recordId: taken.tokenId, property }
}

/** Null = Apple accepts it for the same location. */
async function judge(
  conversation: AppleConversation,
  locationId: string,
): Promise<AppleFinding | null | 'unreachable'> {
  try {
    const { uId } = await conversation.readConfig()
    if (uId === locationId) return null
    return { reason: 'locationMismatch', isDefinite: true, detail: uId }
  } catch (error) {
    if (!(error instanceof AppleTrouble)) throw error
    return error.finding.isDefinite ? error.finding : 'unreachable'
  }
}

async function promote(
  { secretBox, newId }: SyncDeps,
  begun: BegunRun,
  content: SentContent,
  now: Instant,
): Promise<void> {
  const place = placeOf(begun, 'token')
  const sealed: SealedSecret = secretBox.seal(place, content.credential)
  const contentHash = secretBox.hash(content.credential)
  const { tokenId, fence } = begun.taken
  await begun.tenant.transaction(async (stores) => {
    await stores.tokens.checkFence(tokenId, fence)
    const token = await stores.tokens.get(tokenId)
    const record = withContent(token.record, content)
    await stores.secrets.put(place, sealed)
    await stores.secrets.remove(placeOf(begun, 'pendingToken'))
    const finding = findingWithContent(token.finding)
    await stores.tokens.update({ ...token, record, finding, contentHash })
    await stores.audit.insert({
      id: newId(),
      at: now,
      actor: 'pomona',
      action: 'token.renewed',
      subject: tokenId,
      details: { contentFingerprint: record.contentFingerprint, runId: begun.run.id },
    })
  })
}

/** Part of the run's last transaction, so that a run that breaks off forgets nothing: the next one judges again. */
export async function dropRenewal(
  stores: TenantStores,
  begun: BegunRun,
  { reason, errorNumber }: AppleFinding,
  event: { readonly id: string; readonly at: Instant },
): Promise<void> {
  await stores.secrets.remove(placeOf(begun, 'pendingToken'))
  await stores.audit.insert({
    ...event,
    actor: 'pomona',
    action: 'token.renewalDropped',
    subject: begun.taken.tokenId,
    details: { reason, errorNumber: errorNumber ?? null, runId: begun.run.id },
  })
}

/** The stored content token stays in force with the state it has; the reason says what became of the new one. */
export function withDroppedRenewal(token: StoredToken, dropped: AppleFinding): StoredToken {
  const { reason, errorNumber, detail } = dropped
  const number = errorNumber === undefined ? '' : `, ${errorNumber}`
  const why =
    reason === 'locationMismatch'
      ? `it is for another location (${detail ?? 'unknown'})`
      : `Apple does not accept it (${reason}${number})`
  return {
    ...token,
    record: {
      ...token.record,
      pendingContentFingerprint: null,
      stateReason: reason,
      stateMessage: `The renewal was dropped: ${why}. The stored content token stays in force. Renew with the right one.`,
      recommendedAction: 'renew',
    },
  }
}

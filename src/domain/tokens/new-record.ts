/** The first record of a token: what the caller sent, the facts of the content token, and defaults (graph D1, G13, G17). */

import { createHash } from 'node:crypto'
import type { AppleFinding } from '../../model/apple-finding.ts'
import {
  type ContentToken,
  type ParsedContentToken,
  parseContentToken,
} from '../../model/content-token.ts'
import { type Instant, utc } from '../../model/date-time-offset.ts'
import type { TokenId } from '../../model/ids.ts'
import { type SentVppToken, type VppToken, vppToken } from '../../model/vpp-token.ts'

/** What the sent text of a content token comes to. */
export interface SentContent {
  readonly parsed: ParsedContentToken
  /** What is sealed and, if Apple can be asked at all, sent: the outer text, or the sent text when it is no content token. */
  readonly credential: string
}

export function readSentContent(text: string): SentContent {
  const parsed = parseContentToken(text)
  return { parsed, credential: parsed.ok ? parsed.value.outer : text }
}

export function newRecord(given: {
  readonly id: TokenId
  readonly sent: SentVppToken
  readonly content: SentContent | undefined
  readonly now: Instant
}): VppToken {
  const { token: _secret, ...sent } = given.sent
  const defaults = Object.fromEntries(
    Object.entries(vppToken.properties)
      .filter(([, property]) => !('secret' in property))
      .map(([name, property]) => [name, property.initial]),
  ) as unknown as VppToken
  const asSent: VppToken = {
    ...defaults,
    lastModifiedDateTime: utc(given.now),
    nextSyncDateTime: utc(given.now),
    stateMessage: 'This content token has not been checked with Apple yet.',
    ...sent,
    id: given.id,
  }
  return given.content ? withContent(asSent, given.content) : asSent
}

/** What the account behind the old content token may not do says nothing of the new one's (Apple 4.1, 9637). */
export function findingWithContent(finding: AppleFinding | null): AppleFinding | null {
  return finding?.reason === 'insufficientRights' ? null : finding
}

/** The facts inside a real content token win over what the caller said (graph D1). */
export function withContent(record: VppToken, content: SentContent): VppToken {
  const fingerprint = contentFingerprint(content.credential)
  const named = { ...record, contentFingerprint: fingerprint, pendingContentFingerprint: null }
  if (!content.parsed.ok) return named
  return { ...named, ...factsOf(content.parsed.value) }
}

function factsOf(content: ContentToken) {
  const expiration = utc(content.expiration)
  return {
    organizationName: content.organizationName,
    expirationDateTime: expiration,
    contentExpirationDateTime: expiration,
    // Apple has not been asked about this one.
    expirationDriftSeconds: 0,
  }
}

/** The only part of a content token that is ever shown (Apple 1.2 rule 6). */
export function contentFingerprint(credential: string): string {
  return createHash('sha256').update(credential).digest('hex').slice(0, 8)
}

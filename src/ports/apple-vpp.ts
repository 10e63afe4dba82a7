/**
 * What Pomona asks of Apple's Apps and Books service. Every method rejects with `AppleTrouble` and nothing else when Apple's
 * answer is not a good one; retries, limits and back-off are inside.
 */
import type { AppleUser, Asset, Assignment, LocationConfig } from '../model/apple-rows.ts'

/** One run's conversation with Apple about one location. */
export interface AppleConversation {
  /** `client/config`: the location behind the credential. */
  readConfig(): Promise<LocationConfig>
  /** Complete walks, page by page, in Apple's order; a row may come twice. */
  walkAssets(): AsyncIterable<ApplePage<Asset>>
  walkAssignments(): AsyncIterable<ApplePage<Assignment>>
  walkUsers(): AsyncIterable<ApplePage<AppleUser>>
  /** A filtered read: is this licence still assigned? (Apple C7) */
  hasAssignment(assignment: Assignment): Promise<boolean>
  /** From now on an answer of another location is refused with `locationMismatch`. */
  expectLocation(uId: string): void
  /** What was asked so far. */
  readonly log: ConversationLog
}

export interface ApplePage<Row> {
  readonly rows: readonly Row[]
  /** Stands for the whole data set of the endpoint; changes with each write beneath it. */
  readonly versionId: string
}

/** Grows during the conversation (Apple C16). Waits are milliseconds. */
export interface ConversationLog {
  readonly requests: number
  readonly pages: number
  readonly tries: number
  readonly waitedMs: number
  readonly unknownFields: readonly string[]
}

export interface AppleVpp {
  /**
   * Opens a conversation for a credential (the outer base64 text, sent as it is). `locationKey` names the location for the
   * limiter: requests of all conversations with the same key share one rate and five places in flight.
   */
  converse(credential: string, locationKey: string, signal?: AbortSignal): AppleConversation
}

/**
 * What Pomona asks of Apple's Apps and Books service. Every method rejects with `AppleTrouble` and nothing else when Apple's
 * answer is not a good one; retries, limits and back-off are inside.
 */
import type { AppleUser, Asset, Assignment, LocationConfig } from '../model/apple-rows.ts'
import type {
  AssignmentFilter,
  ConfigChange,
  EventStatus,
  LicenseWrite,
} from '../model/apple-write.ts'
import type { AppleRefusal } from '../model/sync-run.ts'

/** One run's conversation with Apple about one location. */
export interface AppleConversation {
  /** `client/config`: the location behind the credential. */
  readConfig(): Promise<LocationConfig>
  /** Complete walks, page by page, in Apple's order; a row may come twice. */
  walkAssets(): AsyncIterable<ApplePage<Asset>>
  /** With `since` (a versionId of the same list) only rows that came or changed after it; removals are not told (Apple 3.3). */
  walkAssignments(since?: string): AsyncIterable<ApplePage<Assignment>>
  walkUsers(since?: string): AsyncIterable<ApplePage<AppleUser>>
  /** Every licence of one asset, or of one device or user. */
  walkAssignmentsOf(filter: AssignmentFilter): AsyncIterable<ApplePage<Assignment>>
  /** A filtered read: is this licence still assigned? (Apple C7) */
  hasAssignment(assignment: Assignment): Promise<boolean>
  /**
   * Asks Apple to change licences or users; answers the id of the event that will do it (Apple 2.7). Sent once: retried only
   * when Apple said that nothing was queued. An `AppleTrouble` whose finding has `isAnswerLost` leaves open whether it was.
   */
  send(write: LicenseWrite): Promise<{ readonly eventId: string }>
  /** How far an event has come (Apple 2.8). */
  readEvent(eventId: string): Promise<EventStatus>
  /** POST client/config: members left out stay as they are. A lost answer as with `send`. */
  configure(change: ConfigChange): Promise<LocationConfig>
  /** A read: is everything at Apple as this change wants it, its secret too? For after a lost answer (Apple 5), and a claim. */
  isConfigured(change: ConfigChange): Promise<boolean>
  /** What Apple allows in one request, at most five minutes old (Apple 3.1, C3). */
  readLimits(): Promise<WriteLimits>
  /** From now on an answer of another location is refused with `locationMismatch`. */
  expectLocation(uId: string): void
  /** Goes on by another credential of the location: the same run, so the same log, and what is left of its retries (Apple 5). */
  continueAs(credential: string): AppleConversation
  /** What was asked so far. */
  readonly log: ConversationLog
}

export interface WriteLimits {
  readonly maxAssets: number
  readonly maxClientUserIds: number
  readonly maxSerialNumbers: number
  readonly maxRevokeClientUserIds: number
  readonly maxRevokeSerialNumbers: number
  readonly maxUsers: number
  readonly maxNotificationLength: number
}

export interface ApplePage<Row> {
  readonly rows: readonly Row[]
  /** Stands for the whole data set of the endpoint; changes with each write beneath it. */
  readonly versionId: string
  /** A walk begins with it, or begins again: what its pages showed before may be gone (Apple 3.2). */
  readonly isFirst?: true
}

/** Grows during the conversation (Apple C16). Waits are milliseconds. */
export interface ConversationLog {
  readonly requests: number
  readonly pages: number
  readonly tries: number
  readonly waitedMs: number
  readonly unknownFields: readonly string[]
  /** Every refusal, also where a later try went well. */
  readonly refusals: readonly AppleRefusal[]
  /**
   * Ids of the managing servers that good answers have named, in the order seen, one for each change; null = answers that named
   * none. Another one than expected is to be confirmed by one `readConfig` (Apple 7).
   */
  readonly mdmIds: readonly (string | null)[]
}

export interface AppleVpp {
  /**
   * Opens a conversation for a credential (the outer base64 text, sent as it is). `locationKey` names the location for the
   * limiter: requests of all conversations with the same key share one rate and five places in flight.
   */
  converse(credential: string, locationKey: string, signal?: AbortSignal): AppleConversation
}

/** Work on licences that was asked for, its steps and receipts, for one tenant (model/license-intent.ts). */
import type { Assignment } from '../model/apple-rows.ts'
import type { AssetKey, LicensePair, TargetKind } from '../model/apple-write.ts'
import type { TokenId } from '../model/ids.ts'
import type {
  LicenseReceipt,
  LicenseStep,
  NumberedReceipt,
  Receipt,
  StoredIntent,
} from '../model/license-intent.ts'
import type { ListedPage, ListQuery, Predicate } from '../model/list-query.ts'
import type { NumberedRow } from './apple-row-store.ts'

export interface LicenseIntentReads {
  find(id: string): Promise<StoredIntent | undefined>
  /** Those of one token, or of all, oldest first unless asked otherwise. */
  list(tokenId: TokenId | null, query: ListQuery): Promise<ListedPage<StoredIntent>>
  count(tokenId: TokenId | null, filter?: Predicate): Promise<number>
  /** Those of a token that have not ended, oldest first. */
  listOpen(tokenId: TokenId): Promise<readonly StoredIntent[]>
  /** In the order in which they were written unless asked otherwise. */
  receipts(intentId: string, query: ListQuery): Promise<ListedPage<LicenseReceipt>>
  countReceipts(intentId: string, filter?: Predicate): Promise<number>
  /** All steps, oldest first: what was asked of Apple, and how often. */
  listSteps(intentId: string): Promise<readonly LicenseStep[]>
  /** The steps that are not settled, oldest first. */
  openSteps(intentId: string): Promise<readonly LicenseStep[]>
}

/** Whose licences are looked for; absent parts do not matter. */
export interface HeldFilter {
  readonly adamId?: string
  readonly target?: { readonly targetKind: TargetKind; readonly target: string }
}

export interface LicenseIntentStore extends LicenseIntentReads {
  /** Failure `notFound` when there is no such token. */
  insert(intent: StoredIntent): Promise<void>
  /** Replaces it and counts its version up; answers it as it is now. Failure `notFound` when absent. */
  update(intent: StoredIntent): Promise<StoredIntent>
  /** Leaves out what the intent has a receipt for already. Answers how many were written, by status. */
  insertReceipts(
    intentId: string,
    receipts: readonly Receipt[],
  ): Promise<Readonly<Partial<Record<Receipt['status'], number>>>>
  /** Waiting and in no step, in the order of numbers. */
  listWaiting(intentId: string, limit: number): Promise<readonly NumberedReceipt[]>
  listOfStep(stepId: string, limit: number): Promise<readonly NumberedReceipt[]>
  /** Replaces status, reason, number and tries, and takes them out of their step. */
  settle(receipts: readonly NumberedReceipt[]): Promise<void>
  /** How many receipts of an asset wait or are done already. */
  plannedOf(
    intentId: string,
    assets: readonly AssetKey[],
  ): Promise<readonly (AssetKey & { readonly count: number })[]>
  /** Inserts the step and puts its receipts, by number, into it. */
  insertStep(step: LicenseStep, receipts: readonly number[]): Promise<void>
  updateStep(step: LicenseStep): Promise<void>
  findStep(id: string): Promise<LicenseStep | undefined>
  /** The step whose event this is, while it is not settled. */
  findStepOf(eventId: string): Promise<LicenseStep | undefined>
  /** Licences in use under a token as the last sync left them, with a number above `after`, in the order of numbers. */
  listHeld(
    tokenId: TokenId,
    filter: HeldFilter,
    after: number,
    limit: number,
  ): Promise<readonly NumberedRow<Assignment>[]>
  /** Those of the pairs that an intent of this location has assigned. */
  findOurs(
    tokenIds: readonly TokenId[],
    pairs: readonly LicensePair[],
  ): Promise<readonly LicensePair[]>
}

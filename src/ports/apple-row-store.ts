/**
 * The copy of one kind of Apple's rows (assets, assignments, users) that a token's runs keep. Rows are numbered: a run
 * remembers the numbers it has seen in a bitmap, so that a million rows need no memory.
 */
import type { AppleUser, Assignment } from '../model/apple-rows.ts'
import type { TokenId } from '../model/ids.ts'

type AssetKey = Pick<Assignment, 'adamId' | 'pricingParam'>

export interface NumberedRow<Row> {
  /** Unique in the table, at least 1, never changed. */
  readonly number: number
  readonly row: Row
}

export interface AppleRowReads<Row> {
  /** Rows with a number above `after` in the order of numbers, at most `limit`; `after` 0 = from the start. */
  list(tokenId: TokenId, after: number, limit: number): Promise<readonly NumberedRow<Row>[]>
  count(tokenId: TokenId): Promise<number>
  /** For each given row the stored one with its key, in the order given; undefined where that key is not stored. */
  findEach(
    tokenId: TokenId,
    rows: readonly Row[],
  ): Promise<readonly (NumberedRow<Row> | undefined)[]>
  /**
   * The same answer, for less where the rows come in the order in which they were stored. `last`: the stored row that came before
   * them; undefined = none, or none that is stored.
   */
  findInTurn(
    tokenId: TokenId,
    rows: readonly Row[],
    last: NumberedRow<Row> | undefined,
  ): Promise<readonly (NumberedRow<Row> | undefined)[]>
  /**
   * How many rows have a number above `after` and not above `until`, counted up to `limit` in the order of numbers, and the
   * number of the last one counted; both 0 when there are none.
   */
  countNext(
    tokenId: TokenId,
    after: number,
    until: number,
    limit: number,
  ): Promise<{ readonly count: number; readonly last: number }>
  /** The highest number in use, 0 without rows: rows that are inserted later have higher ones. */
  lastNumber(tokenId: TokenId): Promise<number>
}

export interface AppleRowStore<Row> extends AppleRowReads<Row> {
  /** The stored rows with the keys of the given ones, in any order; keys that are not stored are left out. */
  findSame(tokenId: TokenId, rows: readonly Row[]): Promise<readonly NumberedRow<Row>[]>
  /** Inserts rows, numbered in the order given. Failure `conflict` when the key of one of them is stored already. */
  insert(tokenId: TokenId, rows: readonly Row[]): Promise<void>
  /** Replaces rows by number. */
  update(tokenId: TokenId, rows: readonly NumberedRow<Row>[]): Promise<void>
  remove(tokenId: TokenId, numbers: readonly number[]): Promise<void>
}

/** Counts of a token's licences, summed in 64 bit over its assets (Apple 9.3). */
export interface LicenseTotals {
  /** Distinct adamIds. */
  readonly appCount: number
  /** 2147483647 when any asset is unlimited. */
  readonly total: number
  readonly used: number
}

export interface LicenseTotalsReads {
  totals(tokenId: TokenId): Promise<LicenseTotals>
}

export interface AssignmentReads extends AppleRowReads<Assignment> {
  /**
   * How many rows each asset has whose adamId lies behind `after` and not behind `until`, byte by byte; '' and null = from the
   * start and to the end. Assets without rows are left out.
   */
  counts(
    tokenId: TokenId,
    after: string,
    until: string | null,
  ): Promise<readonly (AssetKey & { readonly count: number })[]>
  /** As `list`, those of one asset. */
  listOfAsset(
    tokenId: TokenId,
    asset: AssetKey,
    after: number,
    limit: number,
  ): Promise<readonly NumberedRow<Assignment>[]>
}

export interface AppleUserReads extends AppleRowReads<AppleUser> {
  /** Every row of these clientUserIds. */
  listOfUsers(
    tokenId: TokenId,
    clientUserIds: readonly string[],
  ): Promise<readonly NumberedRow<AppleUser>[]>
}

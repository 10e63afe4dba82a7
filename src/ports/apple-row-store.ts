/**
 * The copy of one kind of Apple's rows (assets, assignments, users) that a token's runs keep. Rows are numbered: a run
 * remembers the numbers it has seen in a bitmap, so that a million rows need no memory.
 */
import type { TokenId } from '../model/ids.ts'

export interface NumberedRow<Row> {
  /** Unique in the table, at least 1, never changed. */
  readonly number: number
  readonly row: Row
}

export interface AppleRowReads<Row> {
  /** Rows with a number above `after` in the order of numbers, at most `limit`; `after` 0 = from the start. */
  list(tokenId: TokenId, after: number, limit: number): Promise<readonly NumberedRow<Row>[]>
  count(tokenId: TokenId): Promise<number>
}

export interface AppleRowStore<Row> extends AppleRowReads<Row> {
  /** The stored rows with the keys of the given ones, in any order; keys that are not stored are left out. */
  findSame(tokenId: TokenId, rows: readonly Row[]): Promise<readonly NumberedRow<Row>[]>
  /** Inserts rows whose keys are not stored yet; answers their numbers in the order given. */
  insert(tokenId: TokenId, rows: readonly Row[]): Promise<readonly number[]>
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

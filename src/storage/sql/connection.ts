/** The little that the stores ask of a database, so that they are written once for all of them. */

export type SqlValue = string | number | Uint8Array | null

/** A row by the names of its columns. */
export type SqlRow = Readonly<Record<string, SqlValue>>

export interface SqlConnection {
  /**
   * The rows of a query, or of a statement that ends in `returning`. Placeholders are `$1`, `$2`, … and may repeat; the SQL
   * text is the key of the prepared statement, so it never carries a value. Rejects with a Failure only.
   */
  all(sql: string, values?: readonly SqlValue[]): Promise<readonly SqlRow[]>
  /** Runs a statement; answers how many rows it touched. */
  run(sql: string, values?: readonly SqlValue[]): Promise<number>
}

/** Runs a unit of work whole, as `TenantStorage.transaction` promises it. */
export type Transact = <T>(work: (connection: SqlConnection) => Promise<T>) => Promise<T>

/** The first row of an answer that has at most one. */
export async function first(
  connection: SqlConnection,
  sql: string,
  values: readonly SqlValue[],
): Promise<SqlRow | undefined> {
  const rows = await connection.all(sql, values)
  return rows[0]
}

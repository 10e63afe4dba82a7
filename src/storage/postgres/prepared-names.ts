/**
 * Names of the statements that one connection has prepared, by their SQL text: the server parses a text once for each
 * connection. The stores' texts are few; should others come in ever new forms, a connection that has many is replaced by a
 * fresh one, so that the server's memory for them stays bounded.
 */
export interface PreparedNames {
  nameOf(sql: string): string
  /** The connection should be closed when it is given back. */
  isFull(): boolean
}

export function preparedNames(limit = 500): PreparedNames {
  const names = new Map<string, string>()
  return {
    nameOf: (sql) => {
      const name = names.get(sql) ?? `pomona_${names.size + 1}`
      names.set(sql, name)
      return name
    },
    isFull: () => names.size >= limit,
  }
}

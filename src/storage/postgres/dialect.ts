import type { Dialect } from '../sql/dialect.ts'

/** In the text of every statement to which many rows come as one value. */
const rowsFunction = 'jsonb_array_elements'

export function takesManyRows(sql: string): boolean {
  return sql.includes(rowsFunction)
}

export const postgresDialect: Dialect = {
  schemaWords: {
    // Byte by byte, whatever the database's own order of letters is.
    text: 'text collate "C"',
    integer: 'bigint',
    bytes: 'bytea',
    number: 'bigint generated always as identity primary key',
    // Every table refuses values of another type.
    strict: '',
  },
  rowsFromJson: (placeholder, columns) => {
    const picked = columns.map(({ name, type }, index) => {
      const value = `item ->> ${index}`
      return `${type === 'integer' ? `(${value})::bigint` : value} as ${name}`
    })
    return `(select position - 1 as position, ${picked.join(', ')}
      from ${rowsFunction}(${placeholder}::jsonb) with ordinality as rows (item, position))`
  },
  textsFromJson: (placeholder) => `(select position - 1 as position, value
      from ${rowsFunction}_text(${placeholder}::jsonb) with ordinality as rows (value, position))`,
  textsToJson: (text) => `array_to_json(array_agg(${text}))::text`,
  // The offset keeps the server from turning the join round.
  lookUp: (table, condition) =>
    `cross join lateral (select * from ${table} as stored where ${condition} offset 0) as stored`,
  holds: (text, part) => `strpos(${text}, ${part}) > 0`,
  bytewise: (text) => `(${text} collate "C")`,
  takenRows: 'for update skip locked',
}

import type { Dialect } from '../sql/dialect.ts'

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
    return `(select position, ${picked.join(', ')}
      from jsonb_array_elements(${placeholder}::jsonb) with ordinality as rows (item, position))`
  },
  takenRows: 'for update skip locked',
}

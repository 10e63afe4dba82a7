import type { Dialect } from '../sql/dialect.ts'

export const sqliteDialect: Dialect = {
  schemaWords: {
    text: 'text',
    integer: 'integer',
    bytes: 'blob',
    // `autoincrement`: without it SQLite gives the highest number again after its row is removed.
    number: 'integer primary key autoincrement',
    strict: 'strict',
  },
  rowsFromJson: (placeholder, columns) => {
    const picked = columns.map(({ name }, index) => `value ->> ${index} as ${name}`)
    return `(select key as position, ${picked.join(', ')} from json_each(${placeholder}))`
  },
  // The cross join keeps the table on the inner side.
  lookUp: (table, condition) => `cross join ${table} as stored where ${condition}`,
  placeOf: (part, text) => `instr(${text}, ${part})`,
  bytewise: (text) => text,
  // Only one unit of work runs at a time.
  takenRows: '',
}

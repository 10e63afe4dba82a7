import type { Dialect } from '../sql/dialect.ts'

/** SQLite's own `instr` takes about thirty times as long on long texts, and holds up everybody while it does. */
export const textHolds = {
  name: 'text_holds',
  run: (text: unknown, part: unknown) =>
    typeof text === 'string' && typeof part === 'string' ? Number(text.includes(part)) : null,
}

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
  textsFromJson: (placeholder) => `(select key as position, value from json_each(${placeholder}))`,
  textsToJson: (text) => `json_group_array(${text})`,
  // The cross join keeps the table on the inner side.
  lookUp: (table, condition) => `cross join ${table} as stored where ${condition}`,
  holds: (text, part) => `${textHolds.name}(${text}, ${part})`,
  bytewise: (text) => text,
  // Only one unit of work runs at a time.
  takenRows: '',
}

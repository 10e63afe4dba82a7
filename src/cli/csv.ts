/**
 * Rows as a file for spreadsheets (RFC 4180, but for the ends of lines, which stay those that other commands can read): one
 * line of names, then a line for each row. Pure.
 */

/** A column for each member that any of the rows has. Without rows there is nothing, not even names. */
export function csvText(rows: readonly object[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const lines = rows.map((row) => {
    const values = new Map<string, unknown>(Object.entries(row))
    return names.map((name) => cell(values.get(name)))
  })
  return [...(rows.length > 0 ? [names.map(cell)] : []), ...lines]
    .map((cells) => `${cells.join(',')}\n`)
    .join('')
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  const text = typeof value === 'string' ? harmless(value) : plainText(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** What is more than one value stays JSON text. */
function plainText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/**
 * Names come from other people, and a spreadsheet takes a text that begins so for a formula: an apostrophe in front keeps it a
 * text.
 */
function harmless(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
}

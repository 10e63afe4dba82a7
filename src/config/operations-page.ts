/** Puts the table of settings into the page that people read: between two marks, so that the rest is written by hand. */
import { callerSettingNames, type SettingName, serviceSettingNames } from './settings.ts'
import { settingsTable } from './settings-table.ts'

const tables: Readonly<Record<string, readonly SettingName[]>> = {
  'settings of the service': serviceSettingNames,
  'settings of a caller': callerSettingNames,
}

/** The page with its tables made anew. Throws when a mark is missing: then the page would go stale unseen. */
export function withSettingsTables(page: string): string {
  return Object.entries(tables).reduce((text, [mark, names]) => {
    const [start, end] = [`<!-- ${mark}: generated -->`, `<!-- ${mark}: end -->`]
    const [from, to] = [text.indexOf(start), text.indexOf(end)]
    if (from < 0 || to < from) throw new Error(`The page has no place for the ${mark}.`)
    return `${text.slice(0, from + start.length)}\n\n${settingsTable(names).join('\n')}\n\n${text.slice(to)}`
  }, page)
}

/** Names of what Apple sent and this program does not know: tolerated, and kept in the run's record (Apple C13). */
import type { Part } from './json.ts'

export interface Surprises {
  /** `asset.newField`, or `asset.productType=Game` for a value. Each once, in the order seen. */
  readonly names: readonly string[]
  /** Notes the fields of an object beyond the known ones. */
  fields(of: Part, known: ReadonlySet<string>): void
  /** Notes a value beyond the known ones; null is never new. */
  value(of: Part, field: string, value: string | null, known: ReadonlySet<string>): void
}

const maxNames = 100
const maxLength = 80

export function createSurprises(): Surprises {
  const seen = new Set<string>()
  const note = (name: string) => {
    if (seen.size < maxNames) seen.add(name.slice(0, maxLength))
  }
  return {
    get names() {
      return [...seen]
    },
    fields: (of, known) => {
      for (const field of Object.keys(of.fields)) if (!known.has(field)) note(`${of.name}.${field}`)
    },
    value: (of, field, value, known) => {
      if (value !== null && !known.has(value)) note(`${of.name}.${field}=${value}`)
    },
  }
}

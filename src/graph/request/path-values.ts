/** Ids and function parameters out of a matched path, each checked when it is asked for (graph 7.6). */
import { type Instant, parseDateTimeOffset } from '../../model/date-time-offset.ts'
import { Failure } from '../../model/failure.ts'
import { isGuid } from '../../model/ids.ts'
import { isStorable } from '../../model/storable-text.ts'

type Values = Readonly<Record<string, string>>

/** Lower case. Failure `badRequest` for an id that no record can have. */
export function readId(values: Values, name: string): string {
  const id = values[name] ?? ''
  if (isGuid(id)) return id.toLowerCase()
  throw new Failure(
    'badRequest',
    `The id '${id.slice(0, 128)}' is not a GUID. Use an id as the list shows it.`,
    { property: name },
  )
}

export function readParameter(values: Values, name: string): string {
  const value = values[name]
  if (value === undefined)
    throw new Failure(
      'badRequest',
      `The parameter '${name}' of the function is missing. Write it in the parentheses: ${name}='…'.`,
      { property: name },
    )
  if (isStorable(value)) return value
  throw new Failure(
    'badRequest',
    `The parameter '${name}' holds a character that can be stored nowhere (U+0000 or half of a surrogate pair).`,
    { property: name },
  )
}

export function readDateParameter(parameter: (name: string) => string, name: string): Instant {
  const date = parseDateTimeOffset(parameter(name))
  if (date) return date.instant
  throw new Failure(
    'badRequest',
    `The parameter '${name}' is not a date and time with an offset, such as 2026-12-31T23:59:59Z.`,
    { property: name },
  )
}

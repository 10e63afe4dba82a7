import type { Switches } from '../world/switches.ts'
import { Refusal } from './answer.ts'

type Kind = 'text' | 'integer' | 'flag' | readonly string[]

type ValueOf<K> = K extends 'text'
  ? string
  : K extends 'integer'
    ? number
    : K extends 'flag'
      ? boolean
      : K extends readonly (infer Member)[]
        ? Member
        : never

export type QueryOf<Declared> = { [Name in keyof Declared]: ValueOf<Declared[Name]> | undefined }

/** By switch a query that Apple does not document ends the call, at every endpoint (Apple contract 11.4 unknownQuery). */
export function checkQueryNames(
  query: URLSearchParams,
  documented: readonly string[],
  { unknownQuery }: Switches,
): void {
  if (unknownQuery === 'ignore') return
  for (const name of query.keys()) if (!documented.includes(name)) throw new Refusal(9602)
}

/** Turns query text into the declared types; what does not fit is a type error: 9602 (Apple contract 11.2 stage 9). */
export function decodeQuery<const Declared extends Record<string, Kind>>(
  query: URLSearchParams,
  declared: Declared,
): QueryOf<Declared> {
  const values = Object.entries(declared).map(([name, kind]) => {
    const text = query.get(name)
    return [name, text === null ? undefined : decodeValue(text, kind)]
  })
  return Object.fromEntries(values) as QueryOf<Declared>
}

function decodeValue(text: string, kind: Kind): string | number | boolean {
  if (kind === 'text') return text
  if (kind === 'integer') {
    if (!/^-?\d{1,10}$/.test(text)) throw new Refusal(9602)
    return Number(text)
  }
  if (kind === 'flag') {
    if (text !== 'true' && text !== 'false') throw new Refusal(9602)
    return text === 'true'
  }
  if (!kind.includes(text)) throw new Refusal(9602)
  return text
}

/** From the text of a $search to a predicate over the properties that the list looks in (graph H2, G8). */
import type { Predicate } from '../../model/list-query.ts'
import { isStorable } from '../../model/storable-text.ts'
import type { QueriedRows } from './queried-rows.ts'
import { refused } from './refusal.ts'

export function bindSearch(text: string, { searched }: QueriedRows): Predicate {
  if (!searched)
    throw refused(
      '$search',
      "This list cannot be searched with $search. Leave it out and choose with $filter, for instance contains(property,'text').",
    )
  if (!isStorable(text))
    throw refused(
      '$search',
      'The $search looks for a character that is never stored (U+0000 or half of a surrogate pair). Leave it out.',
    )
  return { kind: 'search', properties: searched, text }
}

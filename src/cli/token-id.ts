import { Failure } from '../model/failure.ts'
import { isGuid } from '../model/ids.ts'

/** In lower case. Failure `misconfigured` for a text that no token can have as its id. */
export function tokenId(text: string): string {
  if (isGuid(text)) return text.toLowerCase()
  throw new Failure(
    'misconfigured',
    `'${text}' is not the id of a token. See the ids with: pomona token list.`,
    { property: 'id' },
  )
}

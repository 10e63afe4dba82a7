/**
 * Decoded tokens, so that a list of a hundred does not decode, and the edge does not encode, what has not changed.
 *
 * Nothing is ever announced or taken out because of a change, here or on another node. Every read asks the database first: one
 * statement decides which rows are in the answer and says the state of each, and only a token of exactly that state is taken
 * from here; the others are read. A state is the row's number, which no other row ever has, its version, which every change of
 * the row counts up, and its due time, the one thing that changes without (`makeDue`). So a hit is as fresh as the statement,
 * and a token that has changed is simply not found.
 *
 * The same object is handed out as long as its state lasts: whoever works something out from it can keep that by the object.
 * Nobody may change it. Units of work read past the cache: what they see may never be committed.
 *
 * A database that was set back, as by a restored backup, can give the same state to other content; services are started anew
 * after that.
 */
import type { StoredToken } from '../../model/stored-token.ts'

export interface TokenState {
  readonly number: number
  readonly version: number
  readonly dueAt: string
}

export interface TokenCache {
  /** The token in exactly this state. */
  find(state: TokenState): StoredToken | undefined
  put(number: number, token: StoredToken): void
}

/** About 3 KiB each. */
const mostTokens = 20_000
/** Of all texts in them, which for ordinary tokens is never reached. */
const mostCharacters = 16_000_000

/**
 * Keeps at least the half of `limit` that was used last, and never more than `limit`. Two generations instead of one exact
 * order: a hit, of which a list has a hundred, then writes nothing.
 */
export function tokenCache(limit = mostTokens, characters = mostCharacters): TokenCache {
  let young = new Map<number, StoredToken>()
  let old = new Map<number, StoredToken>()
  let youngCharacters = 0
  const put = (number: number, token: StoredToken) => {
    if ((young.size >= limit / 2 || youngCharacters >= characters / 2) && !young.has(number)) {
      old = young
      young = new Map()
      youngCharacters = 0
    }
    young.set(number, token)
    youngCharacters += charactersIn(token)
  }
  return {
    put,
    find: (state) => {
      const { number } = state
      const recent = young.get(number)
      const token = recent ?? old.get(number)
      if (!token || !isInState(token, state)) return undefined
      if (!recent) put(number, token)
      return token
    },
  }
}

function charactersIn({ record }: StoredToken): number {
  let characters = 0
  for (const value of Object.values(record)) {
    if (typeof value === 'string') characters += value.length
    else if (Array.isArray(value) && value.length > 1) characters += JSON.stringify(value).length
  }
  return characters
}

export function isInState(token: StoredToken, { version, dueAt }: TokenState): boolean {
  return token.version === version && token.dueAt === dueAt
}

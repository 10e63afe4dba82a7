/** Reads of tokens outside units of work, over the cache (token-cache.ts). */
import type { TenantId } from '../../model/ids.ts'
import type { StoredToken } from '../../model/stored-token.ts'
import type { TokenReads } from '../../ports/token-store.ts'
import { first, type SqlConnection, type SqlRow } from './connection.ts'
import type { Dialect } from './dialect.ts'
import { listedPage, listStatement } from './list-statement.ts'
import { isInState, type TokenCache, type TokenState } from './token-cache.ts'
import { readToken, tokenFacts, tokenSelection, tokenSource } from './token-rows.ts'
import { absent, tokenReads } from './token-store.ts'

const stateColumns = 'vpp_token.number, vpp_token.version, vpp_token.due_at'

const none: ReadonlyMap<number, StoredToken> = new Map()

const sql = {
  findState: `select ${stateColumns} from vpp_token where tenant_id = $1 and id = $2`,
  findByNumber: `select ${tokenSelection} from vpp_token where number = $1`,
  listByNumber: (dialect: Dialect) =>
    `select stored.number, ${tokenSelection}
      from ${dialect.rowsFromJson('$1', [{ name: 'wanted', type: 'integer' }])} as given
      ${dialect.lookUp('vpp_token', 'stored.number = given.wanted')}`,
}

export function cachedTokenReads(
  connection: SqlConnection,
  tenantId: TenantId,
  dialect: Dialect,
  cache: TokenCache,
): TokenReads {
  const whole = tokenReads(connection, tenantId, dialect)

  const find: TokenReads['find'] = async (id) => {
    const row = await first(connection, sql.findState, [tenantId, id])
    if (!row) return undefined
    const state = readState(row)
    const known = cache.find(state)
    if (known) return known
    // As it is by now, which is as good; when it has gone since, it is not there.
    const found = await first(connection, sql.findByNumber, [state.number])
    return found && kept(state.number, readToken(found))
  }

  return {
    ...whole,
    find,
    get: async (id) => (await find(id)) ?? absent(id),
    list: async (query) => {
      const list = listStatement(tokenSource, stateColumns, [tenantId], query, dialect)
      const states = (await connection.all(list.sql, list.values)).map(readState)
      const tokens = await inStates(states)
      // Rows that changed or went between the statements may belong elsewhere in the list, or not into it: one statement knows.
      return tokens ? listedPage(tokenSource, tokenFacts, query, tokens) : whole.list(query)
    },
  }

  /** The tokens in exactly these states, in their order; undefined when one of them is no longer in its state. */
  async function inStates(
    states: readonly TokenState[],
  ): Promise<readonly StoredToken[] | undefined> {
    const known = states.map(cache.find)
    const missing = states.filter((_, index) => known[index] === undefined)
    const read = missing.length === 0 ? none : await readByNumber(missing)
    const tokens: StoredToken[] = []
    for (const [index, state] of states.entries()) {
      const token = known[index] ?? read.get(state.number)
      if (!token || !isInState(token, state)) return undefined
      tokens.push(token)
    }
    return tokens
  }

  async function readByNumber(
    states: readonly TokenState[],
  ): Promise<ReadonlyMap<number, StoredToken>> {
    const wanted = JSON.stringify(states.map(({ number }) => [number]))
    const rows = await connection.all(sql.listByNumber(dialect), [wanted])
    return new Map(
      rows.map((row) => [Number(row.number), kept(Number(row.number), readToken(row))]),
    )
  }

  function kept(number: number, token: StoredToken): StoredToken {
    cache.put(number, token)
    return token
  }
}

function readState(row: SqlRow): TokenState {
  return { number: Number(row.number), version: Number(row.version), dueAt: String(row.due_at) }
}

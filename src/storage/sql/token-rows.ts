/** How a token lies in its row, and what lists of tokens are made of. */
import type { StoredToken } from '../../model/stored-token.ts'
import { vppToken } from '../../model/vpp-token.ts'
import type { SqlRow, SqlValue } from './connection.ts'
import { columnOperands, entityColumns } from './entity-columns.ts'
import type { ListSource } from './list-source.ts'
import type { RowFacts } from './list-statement.ts'
import { rowCodec } from './row-codec.ts'

const record = entityColumns(vppToken)
const bookkeeping = rowCodec<Omit<StoredToken, 'record' | 'version'>>({
  createdAt: 'text',
  dueAt: 'text',
  finding: 'json',
  contentHash: 'text',
})

/** What a caller's token is written to, in this order. */
export const tokenColumns: readonly string[] = [...record.columns, ...bookkeeping.columns]
export const tokenSelection = `version, ${tokenColumns.join(', ')}`
export const selectToken = `select ${tokenSelection} from vpp_token`

export function writeToken(token: StoredToken): readonly SqlValue[] {
  return [...record.write(token.record), ...bookkeeping.write(token)]
}

export function readToken(row: SqlRow): StoredToken {
  return { record: record.read(row), version: Number(row.version), ...bookkeeping.read(row) }
}

/** `$1` is the tenant. */
export const tokenSource: ListSource = {
  from: 'vpp_token',
  where: 'vpp_token.tenant_id = $1',
  key: { sql: 'vpp_token.id', form: 'guid', property: 'id' },
  operands: columnOperands('vpp_token', vppToken),
}

export const tokenFacts: RowFacts<StoredToken> = {
  key: (token) => token.record.id,
  record: (token) => token.record,
}

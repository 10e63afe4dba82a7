/** What lists of apps and books are made of. */
import type { Property } from '../../model/entity-type.ts'
import { libraryItem, type StoredItem } from '../../model/library-item.ts'
import type { Predicate } from '../../model/list-query.ts'
import type { ContentKind } from '../../model/vpp-content-types.ts'
import { vppToken } from '../../model/vpp-token.ts'
import type { SqlValue } from './connection.ts'
import type { Dialect } from './dialect.ts'
import { columnKindOf, columnOperand, columnOperands } from './entity-columns.ts'
import { sourcedBy } from './library-rows.ts'
import type { ListSource, OperandSql } from './list-source.ts'
import type { RowFacts } from './list-statement.ts'
import { literalOperand } from './literal-sql.ts'
import { parameters } from './parameters.ts'

/** An item whose token is gone waits for the sweeper and is nobody's any more. */
export const itemsOfTokens =
  'library_item join vpp_token on vpp_token.number = library_item.token_number'

export interface GivenSource {
  readonly source: ListSource
  readonly given: readonly SqlValue[]
}

/** The items of a tenant that are of these kinds. */
export type LibrarySource = (
  tenantId: string,
  kinds: readonly ContentKind[],
  filter: Predicate | undefined,
) => GivenSource

export function librarySource(dialect: Dialect): LibrarySource {
  const common = {
    from: itemsOfTokens,
    key: { sql: 'library_item.id', form: 'guid', property: 'id' },
    kindColumn: 'library_item.content_kind',
    operands: libraryOperands(dialect),
  } as const
  return (tenantId, kinds, filter) => {
    const given = parameters([tenantId])
    const tokenId = wantedToken(filter)
    // One token's items are found by the token: the tenant may have very many others.
    const owner =
      tokenId === undefined
        ? 'library_item.tenant_id = $1'
        : `library_item.token_number = (select number from vpp_token where tenant_id = $1 and id = ${given.add(tokenId)})`
    const ofKinds = `library_item.content_kind in (${kinds.map((kind) => given.add(kind)).join(', ')})`
    const where = `${owner} and ${kinds.length === 0 ? 'false' : ofKinds}`
    return { source: { ...common, where }, given: given.values }
  }
}

/** The one token whose items alone meet the filter; undefined when the filter does not say so. */
function wantedToken(filter: Predicate | undefined): string | undefined {
  if (filter?.kind === 'and') {
    const wanted = filter.of.map(wantedToken)
    return wanted.find((tokenId) => tokenId !== undefined)
  }
  if (filter?.kind !== 'compare' || filter.comparison !== 'eq') return undefined
  const { operand, value } = filter
  return operand.property === 'vppTokenId' && typeof value === 'string' ? value : undefined
}

export const itemFacts: RowFacts<StoredItem> = {
  key: ({ record }) => record.id,
  record: ({ record }) => record,
  kind: ({ record }) => record.contentKind,
}

function libraryOperands(dialect: Dialect): ReadonlyMap<string, OperandSql> {
  const operands = new Map(columnOperands('library_item', libraryItem))
  const put = (name: string, operand: OperandSql | undefined) => {
    if (operand) operands.set(name, operand)
  }
  const tokenProperties: Readonly<Record<string, Property>> = vppToken.properties
  for (const { name, source } of sourcedBy('token')) {
    const property = tokenProperties[source.property]
    if (property) put(name, columnOperand('vpp_token', source.property, property))
  }
  for (const { name, shape, source } of sourcedBy('fixed')) {
    const kind = columnKindOf(shape)
    if (kind === 'text' || kind === 'integer' || kind === 'flag')
      put(name, literalOperand(kind, source.value, dialect))
  }
  for (const { name, source } of sourcedBy('same')) put(name, operands.get(source.property))
  return operands
}

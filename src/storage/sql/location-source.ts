/** What lists of a location's licences and users are made of. */
import type { EntityOf, EntityType } from '../../model/entity-type.ts'
import { locationLicense, locationUser } from '../../model/location-license.ts'
import { targetKinds } from './apple-row-tables.ts'
import type { SqlRow } from './connection.ts'
import { columnOperand } from './entity-columns.ts'
import type { ListSource, OperandSql } from './list-source.ts'
import type { RowFacts } from './list-statement.ts'
import { columnName } from './row-codec.ts'

const token = '(select number from vpp_token where tenant_id = $1 and id = $2)'
const holderOf = (kind: (typeof targetKinds)[number]) =>
  `case when assignment.target_kind = ${targetKinds.indexOf(kind)} then assignment.target end`

/** At most one row of a user is live. */
const address = `case when assignment.target_kind = ${targetKinds.indexOf('clientUserId')} then
  (select apple_user.email from apple_user where apple_user.token_number = assignment.token_number
    and apple_user.client_user_id = assignment.target and apple_user.status not in ('Retired', 'Deleted')
    order by apple_user.number limit 1) end`

/** An app for iOS and for macOS has one name. */
const name = `(select library_item.display_name from library_item
  where library_item.token_number = assignment.token_number and library_item.adam_id = assignment.adam_id
  order by library_item.content_kind limit 1)`

const computed: Readonly<Record<string, string>> = {
  displayName: name,
  serialNumber: holderOf('serialNumber'),
  clientUserId: holderOf('clientUserId'),
  userEmailAddress: address,
}

/** A list of one token's rows, `$1` being the tenant and `$2` the token: its source, its columns, and how a row is read. */
export interface LocationList<Row> {
  readonly source: ListSource
  readonly selection: string
  read(row: SqlRow): { readonly number: number; readonly record: Row }
  readonly facts: RowFacts<{ readonly number: number; readonly record: Row }>
}

function listOf<T extends EntityType>(
  table: string,
  type: T,
  given: Readonly<Record<string, string>> = {},
): LocationList<EntityOf<T>> {
  const operands = new Map<string, OperandSql>()
  for (const [property, declared] of Object.entries(type.properties)) {
    const own = columnOperand(table, property, declared)
    const sql = given[property] ?? own?.sql
    if (own && sql !== undefined) operands.set(property, { ...own, sql })
  }
  const columns = [...operands].map(([property, { sql }]) => `${sql} as ${columnName(property)}`)
  return {
    source: {
      from: table,
      where: `${table}.token_number = ${token}`,
      key: { sql: `${table}.number`, form: 'number' },
      operands,
    },
    selection: [`${table}.number`, ...columns].join(', '),
    read: (row) => {
      const values = [...operands.keys()].map((property) => [property, row[columnName(property)]])
      return { number: Number(row.number), record: Object.fromEntries(values) }
    },
    facts: { key: ({ number }) => number, record: ({ record }) => record },
  }
}

export const licenseList = listOf('assignment', locationLicense, computed)
export const userList = listOf('apple_user', locationUser)

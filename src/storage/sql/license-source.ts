/** What lists of licences in use are made of: the assignments of one app or book, with who holds each (Apple 2.5, 2.6, 9.2). */
import { iosVppAppAssignedDeviceLicense } from '../../model/assigned-license.ts'
import type { Property } from '../../model/entity-type.ts'
import type { HeldLicense } from '../../ports/library-store.ts'
import { assignmentTable, ofOneApp, targetKinds } from './apple-row-tables.ts'
import type { SqlRow } from './connection.ts'
import type { Dialect } from './dialect.ts'
import type { ListSource, OperandSql } from './list-source.ts'
import type { RowFacts } from './list-statement.ts'
import { literalOperand } from './literal-sql.ts'
import { rowCodec } from './row-codec.ts'

export interface NumberedLicense {
  readonly number: number
  readonly license: HeldLicense
}

const token = '(select number from vpp_token where tenant_id = $1 and id = $2)'
const isDevice = `assignment.target_kind = ${targetKinds.indexOf('serialNumber')}`
const isUser = `assignment.target_kind = ${targetKinds.indexOf('clientUserId')}`

/** At most one row of a user is live. `min`, since with an order of their own a database would walk all users to find it. */
const address = `(select min(apple_user.email) from apple_user
  where apple_user.token_number = assignment.token_number
    and apple_user.client_user_id = assignment.target
    and apple_user.status not in ('Retired', 'Deleted'))`

/** By declared names. */
const asStored: Readonly<Record<string, string>> = {
  userId: `case when ${isUser} then assignment.target end`,
  deviceName: `case when ${isDevice} then assignment.target end`,
  userEmailAddress: `case when ${isUser} then ${address} end`,
}

/** The type under which a licence shows (graph 5.4). */
const kindOf = {
  serialNumber: 'iosVppAppAssignedDeviceLicense',
  clientUserId: 'iosVppAppAssignedUserLicense',
} as const

/** `$1` is the tenant, `$2` the token, `$3` the adamId. */
export function licenseSource(dialect: Dialect): ListSource {
  const operands = licenseOperands(dialect)
  return {
    from: 'assignment',
    where: `assignment.token_number = ${token}
      and assignment.adam_id = $3 and ${ofOneApp('assignment')}`,
    key: { sql: 'assignment.number', form: 'number' },
    kindColumn: operands.get('contentKind')?.sql ?? '',
    operands,
  }
}

function licenseOperands(dialect: Dialect): ReadonlyMap<string, OperandSql> {
  const operands = new Map<string, OperandSql>()
  for (const [name, property] of Object.entries<Property>(
    iosVppAppAssignedDeviceLicense.properties,
  )) {
    const sql = asStored[name]
    const isLookedUp = name === 'userEmailAddress' ? { isLookedUp: true as const } : {}
    if (sql !== undefined)
      operands.set(name, { sql, kind: 'text', isNullable: true, ...isLookedUp })
    else if (property.source?.kind === 'fixed')
      operands.set(name, literalOperand('text', property.source.value, dialect))
  }
  const typeName = (kind: keyof typeof kindOf) => literalOperand('text', kindOf[kind], dialect).sql
  operands.set('contentKind', {
    sql: `case when ${isUser} then ${typeName('clientUserId')} else ${typeName('serialNumber')} end`,
    kind: 'text',
    isNullable: false,
  })
  return operands
}

export const pairCodec = rowCodec(assignmentTable.kinds)

const codec = rowCodec<HeldLicense>({ ...assignmentTable.kinds, userEmailAddress: 'text' })

export const licenseSelection = [
  'assignment.number',
  ...pairCodec.columns.map((name) => `assignment.${name}`),
  `${asStored.userEmailAddress} as user_email_address`,
].join(', ')

/** `$1` is the tenant, `$2` the token, and from `$3` on the columns of one pair follow. All of it stands in the index by key. */
export const pairStatements = {
  list: `select ${pairCodec.columns.join(', ')} from assignment
    where token_number = ${token} and adam_id = $3 and (pricing_param, target_kind, target) > ($4, $5, $6)
    order by pricing_param, target_kind, target limit $7`,
  find: `select ${licenseSelection} from assignment
    where token_number = ${token} and adam_id = $3 and pricing_param = $4 and target_kind = $5 and target = $6`,
}

export function readLicense(row: SqlRow): NumberedLicense {
  return { number: Number(row.number), license: codec.read(row) }
}

export const licenseFacts: RowFacts<NumberedLicense> = {
  key: ({ number }) => number,
  record: ({ license: { targetKind, target, userEmailAddress } }) => ({
    contentKind: kindOf[targetKind],
    userId: targetKind === 'clientUserId' ? target : null,
    deviceName: targetKind === 'serialNumber' ? target : null,
    userEmailAddress,
  }),
  kind: ({ license }) => kindOf[license.targetKind],
}

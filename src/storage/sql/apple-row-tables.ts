/** Where the three kinds of Apple's rows lie, by which columns a row is the same row (model/apple-rows.ts), and their SQL. */
import type { AppleUser, Asset, Assignment } from '../../model/apple-rows.ts'
import type { Dialect } from './dialect.ts'
import { type Column, type ColumnKind, columnName, rowCodec } from './row-codec.ts'

export interface AppleRowTable<Row> {
  readonly name: string
  readonly kinds: Readonly<Record<keyof Row & string, ColumnKind>>
  /** The columns of the key as SQL, each under the given alias; the same words as in the table's unique index. */
  keyParts(alias: string): readonly string[]
  /**
   * For a table whose every column is key, and where many rows in a row differ in one text alone: they travel together as that
   * text, which costs half as much.
   */
  readonly together?: RowsApart<Row>
}

export interface RowsApart<Row> {
  /** The text in which they differ. */
  readonly apart: keyof Row & string
  /** An index keeps the rows with the same value here in the order of their numbers. */
  readonly within: keyof Row & string
}

export const assetTable: AppleRowTable<Asset> = {
  name: 'asset',
  kinds: {
    adamId: 'text',
    pricingParam: 'text',
    productType: 'text',
    totalCount: 'integer',
    availableCount: 'integer',
    assignedCount: 'integer',
    retiredCount: 'integer',
    isUnlimited: 'flag',
    isDeviceAssignable: 'flag',
    isRevocable: 'flag',
    supportedPlatforms: 'json',
  },
  keyParts: (alias) => parts(alias, ['adamId', 'pricingParam']),
}

export const targetKinds = ['serialNumber', 'clientUserId'] as const

export const assignmentTable: AppleRowTable<Assignment> = {
  name: 'assignment',
  kinds: {
    adamId: 'text',
    pricingParam: 'text',
    targetKind: targetKinds,
    target: 'text',
  },
  keyParts: (alias) => parts(alias, ['adamId', 'pricingParam', 'targetKind', 'target']),
  together: { apart: 'target', within: 'adamId' },
}

/** True of every assignment: with it a question finds the index of the licences of one app (migration 0005). */
export function ofOneApp(alias: string): string {
  return `${alias}.target >= ''`
}

export const appleUserTable: AppleRowTable<AppleUser> = {
  name: 'apple_user',
  kinds: {
    clientUserId: 'text',
    idHash: 'text',
    inviteCode: 'text',
    email: 'text',
    status: 'text',
  },
  keyParts: (alias) => [
    ...parts(alias, ['clientUserId']),
    // Null is one value here, other than the empty text: two rows without an invite code can be the same row.
    ...parts(alias, ['idHash', 'inviteCode']).map((column) => `coalesce('=' || ${column}, '')`),
  ],
}

function parts<Row>(alias: string, properties: readonly (keyof Row & string)[]): readonly string[] {
  return properties.map((property) => `${alias}.${columnName(property)}`)
}

const token = '(select number from vpp_token where tenant_id = $1 and id = $2)'

/** `$1` is the tenant and `$2` the token in every statement; `$3` is JSON text where rows come in. */
export function appleRowStatements<Row extends object>(
  { name, kinds, keyParts }: AppleRowTable<Row>,
  dialect: Dialect,
) {
  const codec = rowCodec(kinds)
  const number: Column = { name: 'number', type: 'integer' }
  const columns = codec.columns.join(', ')
  const given = (alias: string) => codec.columns.map((column) => `${alias}.${column}`).join(', ')
  const ownKey = keyParts('stored')
  const givenKey = keyParts('given')
  return {
    list: `select number, ${columns} from ${name}
      where token_number = ${token} and number > $3 order by number limit $4`,
    countNext: `select count(*) as count, coalesce(max(number), 0) as last from (
      select number from ${name} where token_number = ${token} and number > $3 and number <= $4
      order by number limit $5) as next`,
    lastNumber: `select coalesce(max(number), 0) as number from ${name} where token_number = ${token}`,
    count: `select count(*) as count from ${name} where token_number = ${token}`,
    findSame: `select given.position, stored.number, ${given('stored')}
      from ${dialect.rowsFromJson('$3', codec.typedColumns)} as given
      ${dialect.lookUp(
        name,
        `stored.token_number = ${token}
          and ${ownKey.map((part, index) => `${part} = ${givenKey[index]}`).join(' and ')}`,
      )}`,
    insert: `insert into ${name} (token_number, ${columns})
      select vpp_token.number, ${given('given')}
      from vpp_token cross join ${dialect.rowsFromJson('$3', codec.typedColumns)} as given
      where vpp_token.tenant_id = $1 and vpp_token.id = $2
      order by given.position`,
    // The plus keeps a database from starting with all rows of the token: each given number is looked up instead.
    update: `update ${name} set ${codec.columns.map((column) => `${column} = given.${column}`).join(', ')}
      from ${dialect.rowsFromJson('$3', [number, ...codec.typedColumns])} as given
      where ${name}.number = given.number and +${name}.token_number = ${token}`,
    remove: `delete from ${name} where +token_number = ${token}
      and number in (select given.number from ${dialect.rowsFromJson('$3', [number])} as given)`,
  }
}

/**
 * The same for rows that differ in one column alone: `$3` is JSON text with their values in it (in `following` the number of the
 * row before them), and what they have in common follows in the order of the other columns.
 */
export function togetherStatements<Row extends object>(
  { name, kinds }: AppleRowTable<Row>,
  { apart, within }: RowsApart<Row>,
  dialect: Dialect,
) {
  const own = columnName(apart)
  const common = rowCodec(kinds).columns.filter((column) => column !== own)
  const isCommon = common.map((column, index) => `stored.${column} = $${index + 4}`)
  const isWithin = `stored.${columnName(within)} = $${common.indexOf(columnName(within)) + 4}`
  return {
    // One row with two texts instead of a row for each: a million of them are a lot of garbage.
    findEach: `select string_agg(cast(given.position as text), ',') as positions,
        string_agg(cast(stored.number as text), ',') as numbers
      from ${dialect.textsFromJson('$3')} as given
      ${dialect.lookUp(
        name,
        `stored.token_number = ${token} and ${isCommon.join(' and ')} and stored.${own} = given.value`,
      )}`,
    // That the text is one is true of every row (ofOneApp). Only the rows that follow are looked at, whatever they are.
    following: `select string_agg(cast(stored.number as text), ',') as numbers,
        ${dialect.textsToJson(`stored.${own}`)} as texts
      from (select * from ${name} as stored
        where token_number = ${token} and ${isWithin} and ${own} >= '' and number > $3
        order by number limit $${common.length + 4}) as stored
      where ${isCommon.join(' and ')}`,
    insert: `insert into ${name} (token_number, ${common.join(', ')}, ${own})
      select vpp_token.number, ${common.map((_, index) => `$${index + 4}`).join(', ')}, given.value
      from vpp_token cross join ${dialect.textsFromJson('$3')} as given
      where vpp_token.tenant_id = $1 and vpp_token.id = $2
      order by given.position`,
  }
}

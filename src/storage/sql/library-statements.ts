import type { Dialect } from './dialect.ts'
import { itemColumns, itemSelection } from './library-rows.ts'
import { itemsOfTokens, type LibrarySource, librarySource } from './library-source.ts'
import type { Column } from './row-codec.ts'

export interface LibraryStatements {
  /** Of lists. */
  readonly source: LibrarySource
  readonly find: string
  readonly listOfToken: string
  readonly insert: string
  readonly update: string
  readonly remove: string
  readonly countUp: string
  readonly putIcon: string
  readonly removeIcon: string
}

const token = '(select number from vpp_token where tenant_id = $1 and id = $2)'
// The plus, here and below, keeps a database from starting with all items of the token: each is looked up by its id instead.
const itself = `library_item.tenant_id = $1 and library_item.id = $3 and +library_item.token_number = ${token}`

/**
 * `$1` is the tenant and `$2` the token, but in `find`, which has an item's id there. `$3` is an item's id, or JSON text where
 * many come in.
 */
export function libraryStatements(dialect: Dialect): LibraryStatements {
  const names = itemColumns.map(({ name }) => name)
  const given = (columns: readonly Column[]) => `${dialect.rowsFromJson('$3', columns)} as given`
  const changing = names.filter((name) => name !== 'id')
  const id: Column = { name: 'id', type: 'text' }
  return {
    source: librarySource(dialect),
    find: `select ${itemSelection}, library_icon.type as icon_type, library_icon.value as icon_value
      from ${itemsOfTokens} left join library_icon on library_icon.item_number = library_item.number
      where library_item.tenant_id = $1 and library_item.id = $2`,
    listOfToken: `select ${itemSelection} from ${itemsOfTokens}
      where library_item.token_number = ${token} and (adam_id, content_kind) > ($3, $4)
      order by adam_id, content_kind limit $5`,
    insert: `insert into library_item (tenant_id, token_number, version, ${names.join(', ')})
      select vpp_token.tenant_id, vpp_token.number, 1, ${names.map((name) => `given.${name}`).join(', ')}
      from vpp_token cross join ${given(itemColumns)}
      where vpp_token.tenant_id = $1 and vpp_token.id = $2
      order by given.position`,
    // The tenant comes with each item: as one value it would tempt a database to walk all items of the tenant.
    update: `update library_item
      set version = library_item.version + 1, ${changing.map((name) => `${name} = given.${name}`).join(', ')}
      from ${given([{ name: 'tenant_id', type: 'text' }, ...itemColumns])}
      where library_item.tenant_id = given.tenant_id and library_item.id = given.id
        and +library_item.token_number = ${token}`,
    remove: `delete from library_item where number in (
      select stored.number from ${given([id])} ${dialect.lookUp(
        'library_item',
        `stored.tenant_id = $1 and stored.id = given.id and +stored.token_number = ${token}`,
      )})`,
    countUp: `update library_item set version = version + 1 where ${itself}`,
    putIcon: `insert into library_icon (item_number, type, value)
      select number, $4, $5 from library_item where ${itself}
      on conflict (item_number) do update set type = excluded.type, value = excluded.value`,
    removeIcon: `delete from library_icon
      where item_number = (select number from library_item where ${itself})`,
  }
}

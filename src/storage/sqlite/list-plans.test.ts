import SqliteDatabase from 'better-sqlite3'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ListQuery, Predicate } from '../../model/list-query.ts'
import type { ContentKind } from '../../model/vpp-content-types.ts'
import { itemSelection } from '../sql/library-rows.ts'
import { librarySource } from '../sql/library-source.ts'
import { libraryStatements } from '../sql/library-statements.ts'
import { licenseSelection, licenseSource, pairStatements } from '../sql/license-source.ts'
import { countStatement, listStatement, type Statement } from '../sql/list-statement.ts'
import { knownMigrations, migrate } from '../sql/migrate.ts'
import { summarySelection, summarySource } from '../sql/summary-source.ts'
import { tokenSelection, tokenSource } from '../sql/token-rows.ts'
import { sqliteConnection } from './connection.ts'
import { sqliteDialect } from './dialect.ts'

const id = '00000000-0000-7000-8000-000000000001'
const apps: readonly ContentKind[] = ['iosVppApp', 'macOsVppApp']
const books: readonly ContentKind[] = ['iosVppEBook']

/** A tenant has up to 3,000 tokens and a token tens of thousands of apps: each page must begin where the last one ended. */
describe('lists find their rows by an index and take them in its order', () => {
  let planOf: (statement: Statement) => readonly string[]
  beforeAll(async () => {
    const db = new SqliteDatabase(':memory:')
    const script = async (sql: string) => {
      db.exec(sql)
    }
    await migrate({ ...sqliteConnection(db), script }, sqliteDialect, await knownMigrations(), '')
    planOf = ({ sql, values }) =>
      db
        .prepare<[object], { detail: string }>(`explain query plan ${sql.replaceAll('$', '?')}`)
        .all(Object.fromEntries(values.map((value, index) => [index + 1, value])))
        .map(({ detail }) => detail)
  })

  const byTenantAndId = 'sqlite_autoindex_vpp_token_1 (tenant_id=? AND id>?)'
  test.each<[string, Partial<ListQuery>, string]>([
    ['in the order of ids', {}, byTenantAndId],
    ['with a filter', { filter: equal('state', 'valid') }, byTenantAndId],
    [
      'from the last id on',
      { orderBy: [{ operand: { property: 'id' }, isDescending: true }] },
      byTenantAndId.replace('>', '<'),
    ],
  ])('tokens %s', (_, query, index) => {
    const asked = { limit: 100, after: id, ...query }
    expect(planOf(listStatement(tokenSource, tokenSelection, ['t'], asked, sqliteDialect))).toEqual(
      [`SEARCH vpp_token USING INDEX ${index}`],
    )
  })

  test('licences by who holds them, without a look at the rows', () => {
    const values = ['t', id, '9', 'STDQ', 0, 'POMSER000001', 100]
    expect(planOf({ sql: pairStatements.list, values })[0]).toBe(
      'SEARCH assignment USING COVERING INDEX assignment_by_key (token_number=? AND adam_id=? AND (pricing_param,target_kind,target)>(?,?,?))',
    )
    expect(planOf({ sql: pairStatements.find, values: values.slice(0, 6) })[0]).toBe(
      'SEARCH assignment USING COVERING INDEX assignment_by_key (token_number=? AND adam_id=? AND pricing_param=? AND target_kind=? AND target=?)',
    )
  })

  const source = librarySource(sqliteDialect)
  test.each<[string, readonly ContentKind[], Predicate | undefined, string]>([
    ['apps of both kinds', apps, undefined, 'library_item_by_id (tenant_id=? AND id>?)'],
    [
      'what is published',
      apps,
      equal('publishingState', 'published'),
      'library_item_by_id (tenant_id=? AND id>?)',
    ],
    ['books', books, undefined, 'library_item_by_kind (tenant_id=? AND content_kind=? AND id>?)'],
    [
      'apps of one kind among both',
      apps,
      equal('contentKind', 'macOsVppApp'),
      'library_item_by_kind (tenant_id=? AND content_kind=? AND id>?)',
    ],
    [
      'apps of one token',
      apps,
      { kind: 'and', of: [equal('vppTokenId', id), equal('isAssigned', true)] },
      'library_item_by_token (token_number=? AND id>?)',
    ],
  ])('%s', (_, kinds, filter, index) => {
    const { source: ofKinds, given } = source('t', kinds, filter)
    const query = { limit: 100, after: id, ...(filter && { filter }) }
    const plan = planOf(listStatement(ofKinds, itemSelection, given, query, sqliteDialect))
    expect(plan).toContain(`SEARCH library_item USING INDEX ${index}`)
    expect(plan.filter((step) => /SCAN|TEMP B-TREE/.test(step))).toEqual([])
  })

  test('a count of apps reads the index alone', () => {
    const { source: ofKinds, given } = source('t', apps, undefined)
    expect(planOf(countStatement(ofKinds, given, undefined, sqliteDialect))).toContain(
      'SEARCH library_item USING COVERING INDEX library_item_by_kind (tenant_id=? AND content_kind=?)',
    )
  })

  test('licences of an app, and the user of each', () => {
    const licenses = licenseSource(sqliteDialect)
    const query = { limit: 100, after: '5' }
    const plan = planOf(
      listStatement(licenses, licenseSelection, ['t', id, '9'], query, sqliteDialect),
    )
    expect(plan).toContain(
      'SEARCH assignment USING INDEX assignment_by_app (token_number=? AND adam_id=? AND number>?)',
    )
    expect(plan).toContain(
      'SEARCH apple_user USING INDEX apple_user_by_key (token_number=? AND client_user_id=?)',
    )
    expect(plan.filter((step) => /SCAN|TEMP B-TREE/.test(step))).toEqual([])
  })

  test('summaries of a bundle id', () => {
    const plan = planOf(
      listStatement(summarySource, summarySelection, ['t', 'b'], { limit: 100 }, sqliteDialect),
    )
    expect(plan).toContain(
      'SEARCH library_item USING INDEX library_item_by_bundle (tenant_id=? AND bundle_id=?)',
    )
    expect(plan).toContain('SEARCH vpp_token USING INTEGER PRIMARY KEY (rowid=?)')
  })

  const { find, listOfToken, update, remove } = libraryStatements(sqliteDialect)
  test.each([
    ['find', find, ['t', id], 'library_item USING INDEX library_item_by_id'],
    [
      'listOfToken',
      listOfToken,
      ['t', id, '1', '', 500],
      'library_item USING INDEX library_item_by_key',
    ],
    ['update', update, ['t', id, '[]'], 'library_item USING INDEX library_item_by_id'],
    ['remove', remove, ['t', id, '[]'], 'stored USING INDEX library_item_by_id'],
  ])('%s', (_, sql, values, search) => {
    const plan = planOf({ sql, values })
    expect(plan.some((step) => step.startsWith(`SEARCH ${search} (`))).toBe(true)
    expect(plan.filter((step) => /SCAN (library_item|stored|vpp_token)/.test(step))).toEqual([])
  })
})

function equal(property: string, value: string | boolean): Predicate {
  return { kind: 'compare', operand: { property }, comparison: 'eq', value }
}

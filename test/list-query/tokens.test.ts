import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tokenSets } from '../../src/graph/entity-sets.ts'
import { maxDepth, maxListItems, maxOrderTerms, maxTerms } from '../../src/graph/odata/limits.ts'
import { faceMembers } from '../../src/model/payload/face-members.ts'
import { vppToken } from '../../src/model/vpp-token.ts'
import { addTenants, harbour, orchard, token } from '../contract/samples.ts'
import { casesFor, databases, type OpenedDatabase } from './databases.ts'
import type { PlainRow } from './evaluate.ts'
import { anyQuery, checkLaw } from './law.ts'
import { anyRecord, guid } from './values.ts'

const records = fc
  .sample(anyRecord(vppToken), { numRuns: 80, seed: 4 })
  .map((record, index) => ({ ...record, id: guid(index) }))
const plain: readonly PlainRow[] = records.map((record) => ({ record }))

describe.each(databases())('tokens on $name', ({ open }) => {
  let opened: OpenedDatabase
  beforeAll(async () => {
    opened = await open()
    const { storage } = opened
    await addTenants(storage)
    await storage.forTenant(harbour).transaction(async ({ tokens }) => {
      for (const record of records) await tokens.insert(token(record.id, record))
    })
    await storage.forTenant(orchard).transaction(async ({ tokens }) => {
      for (const { id, ...record } of records.slice(0, 20))
        await tokens.insert(token(id.replace('7000', '7001'), record))
    })
  })
  afterAll(() => opened.remove())

  test.each(Object.entries(tokenSets))(
    'are found by any filter, in any order, page by page, as they are shown in the face %s',
    async (_, rows) => {
      const { tokens } = opened.storage.forTenant(harbour).reads
      await fc.assert(
        fc.asyncProperty(anyQuery(rows), (asked) => checkLaw(asked, rows, plain, tokens)),
        { numRuns: casesFor(1 / 8) },
      )
    },
    120_000,
  )

  test.each([
    ['terms', Array(maxTerms).fill("not displayName eq 'a'").join(' or ')],
    ['values', `displayName in (${Array(maxListItems).fill("'ab'").join(',')})`],
    ['parentheses', `${'('.repeat(maxDepth)}lastAppCount gt 5${')'.repeat(maxDepth)}`],
    ['negations', `${'not '.repeat(maxDepth)}lastAppCount gt 5`],
    ['levels', nested(maxDepth)],
  ])('are found by a filter of as many %s as are taken', async (_, filter) => {
    const { tokens } = opened.storage.forTenant(harbour).reads
    const orderBy = 'state desc,displayName,id desc'
    await checkLaw({ filter, orderBy, limit: 7 }, tokenSets.beta, plain, tokens)
  })

  test('are found in the order of every property that is taken', async () => {
    const { tokens } = opened.storage.forTenant(harbour).reads
    const orderBy = orderable.slice(0, maxOrderTerms).join(',')
    expect(orderBy.split(',')).toHaveLength(maxOrderTerms)
    await checkLaw({ orderBy, limit: 7 }, tokenSets.pomona, plain, tokens)
  })
})

/** As many parentheses inside one another as `depth`, with a condition at each. */
function nested(depth: number): string {
  return depth === 0
    ? "state eq 'valid'"
    : `lastAppCount lt ${depth} ${depth % 2 === 0 ? 'and' : 'or'} (${nested(depth - 1)})`
}

const orderable = faceMembers(vppToken, 'pomona')
  .inWireOrder.filter(({ property }) => !['collection', 'complex'].includes(property.shape.kind))
  .map(({ wire }, index) => (index % 2 === 0 ? wire : `${wire} desc`))
  // What is unlike for any two rows comes last, or the rest decides nothing.
  .reverse()

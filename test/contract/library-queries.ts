import { describe } from 'vitest'
import type { ContentKind } from '../../src/model/vpp-content-types.ts'
import type { AskedProperty } from './any-query.ts'
import { type Backend, freshStorage } from './backend.ts'
import { listQueriesContract } from './list-queries.ts'
import { addTenants, at, guid, harbour, item, token } from './samples.ts'

const kinds: readonly ContentKind[] = ['iosVppApp', 'macOsVppApp', 'iosVppEBook']
const publishers = [null, 'Apple', 'apple', 'Ärger'] as const
const names = [null, '', 'Apple', 'pear é', '😀 %_'] as const

const items = Array.from({ length: 30 }, (_, index) => {
  const pick = <T>(values: readonly T[], every: number) =>
    values[Math.floor(index / every) % values.length] as T
  return item(guid(100 + index), {
    displayName: pick(names, 1),
    publisher: pick(publishers, 2),
    contentKind: pick(kinds, 1),
    usedLicenseCount: index % 4,
    isAssigned: index % 4 > 0,
    releaseDateTime: { instant: at(index % 3), offsetMinutes: index },
  })
})

const asked: readonly AskedProperty[] = [
  { property: 'displayName', kind: 'text', values: [...names, 'absent'], kinds },
  { property: 'publisher', kind: 'text', values: publishers },
  { property: 'developer', kind: 'text', values: publishers, kinds },
  { property: 'vppTokenAppleId', kind: 'text', values: ['a@example.com', 'x'], kinds },
  { property: 'vppTokenId', kind: 'text', values: [guid(1), guid(2)] },
  { property: 'contentKind', kind: 'member', values: kinds },
  { property: 'publishingState', kind: 'member', values: ['published', 'processing'], kinds },
  { property: 'usedLicenseCount', kind: 'number', values: [0, 2, 2.5], kinds },
  { property: 'uploadState', kind: 'number', values: [0, 1, 2], kinds },
  { property: 'isAssigned', kind: 'flag', values: [true, false], kinds },
  { property: 'isFeatured', kind: 'flag', values: [true, false], kinds },
  { property: 'notes', kind: 'text', values: ['a'], kinds },
  { property: 'releaseDateTime', kind: 'date', values: [at(0), at(1)], kinds },
  { property: 'id', kind: 'text', values: [guid(110), ''] },
]

export function libraryQueriesContract(backend: Backend): void {
  describe(`queries for apps and books on ${backend.name}`, () => {
    const fresh = freshStorage(backend)
    listQueriesContract('apps and books', async () => {
      const { storage } = fresh()
      await addTenants(storage)
      const { reads, transaction } = storage.forTenant(harbour)
      await transaction(async ({ tokens, library }) => {
        await tokens.insert(token(guid(1), { appleId: 'a@example.com' }))
        await tokens.insert(token(guid(2)))
        await library.insert(guid(1), items.slice(0, 12))
        await library.insert(guid(2), items.slice(12))
      })
      const { rows } = await reads.library.list(kinds, { limit: 99 })
      return {
        asked,
        rows,
        plain: ({ record }) => ({ record, kind: record.contentKind }),
        list: (query) => reads.library.list(kinds, query),
        count: (filter) => reads.library.count(kinds, filter),
      }
    })
  })
}

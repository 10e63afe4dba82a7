import { describe, expect, it } from 'vitest'
import { collect, common, open, troubleOf } from '../../test/apple-conversation.ts'

const app = { adamId: '9000000001', pricingParam: 'STDQ' }
const macApp = { adamId: '9000000002', pricingParam: 'STDQ' }

describe('a walk from a version or through a filter (Apple 2.5, 3.3)', () => {
  const rows = [
    { ...app, serialNumber: 'A' },
    { ...app, pricingParam: 'PLUS', serialNumber: 'A' },
    { ...macApp, serialNumber: 'B' },
    { ...app, clientUserId: 'A' },
  ]
  const assignments = { json: { ...common, assignments: rows, versionId: 'v2', totalPages: 1 } }
  const path = '/mdm/v2/assignments'

  it('asks every page from that version', async () => {
    const { server, conversation } = await open()
    const page = { ...common, assignments: [], users: [], versionId: 'v2', totalPages: 2 }
    const two = [{ json: { ...page, nextPageIndex: 1 } }, { json: page }]
    server.script(path, ...two)
    server.script('/mdm/v2/users', ...two)
    expect(await collect(conversation.walkAssignments('v 1&2'))).toHaveLength(2)
    expect(await collect(conversation.walkUsers('v 1&2'))).toHaveLength(2)
    expect(server.requests.slice(1).map(({ target }) => target)).toEqual([
      `${path}?sinceVersionId=v%201%262&pageIndex=0`,
      `${path}?sinceVersionId=v%201%262&pageIndex=1`,
      '/mdm/v2/users?sinceVersionId=v%201%262&pageIndex=0',
      '/mdm/v2/users?sinceVersionId=v%201%262&pageIndex=1',
    ])
  })

  it('that Apple does not know any more says so', async () => {
    const { server, conversation } = await open()
    server.script(path, { status: 400, json: { errorNumber: 9721 } })
    const { finding } = await troubleOf(collect(conversation.walkAssignments('old')))
    expect(finding).toMatchObject({ isDefinite: false, isVersionUnknown: true })
    expect(server.of(path)).toHaveLength(1)
  })

  it.each([
    [app, `${path}?adamId=9000000001&pricingParam=STDQ&pageIndex=0`, [0, 3]],
    [
      { targetKind: 'serialNumber', target: 'A' } as const,
      `${path}?serialNumber=A&pageIndex=0`,
      [0, 1],
    ],
    [
      { targetKind: 'clientUserId', target: 'A' } as const,
      `${path}?clientUserId=A&pageIndex=0`,
      [3],
    ],
    [
      { targetKind: 'clientUserId', target: 'é&' } as const,
      `${path}?clientUserId=%C3%A9%26&pageIndex=0`,
      [],
    ],
  ])(
    'by %j keeps the rows that it names, also where Apple does not heed it',
    async (filter, target, kept) => {
      const { server, conversation } = await open()
      server.script(path, assignments)
      const [page] = await collect(conversation.walkAssignmentsOf(filter))
      expect(page?.versionId).toBe('v2')
      expect(page?.rows).toEqual(
        kept.map((index) => {
          const { serialNumber, clientUserId, ...asset } = {
            serialNumber: undefined,
            clientUserId: undefined,
            ...rows[index],
          }
          return serialNumber === undefined
            ? { ...asset, targetKind: 'clientUserId', target: clientUserId }
            : { ...asset, targetKind: 'serialNumber', target: serialNumber }
        }),
      )
      expect(server.of(path).map((request) => request.target)).toEqual([target])
    },
  )
})

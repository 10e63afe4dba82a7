/** What each operation on apps, books and licences does: one line between decode and encode (graph 5, H1). */
import { getItem } from '../../domain/licenses/read-library.ts'
import { licensesOf } from '../../domain/licenses/read-licenses.ts'
import { getToken } from '../../domain/tokens/read-tokens.ts'
import { updateToken } from '../../domain/tokens/update-token.ts'
import type { StoredItem } from '../../model/library-item.ts'
import type { ListedPage } from '../../model/list-query.ts'
import { decode } from '../../model/payload/decode.ts'
import type { ContentKind } from '../../model/vpp-content-types.ts'
import { vppToken } from '../../model/vpp-token.ts'
import { readEntityBody } from '../request/request-body.ts'
import { type Handler, type Input, type Row, reads, takes, type UseCaseDeps } from './handler.ts'
import { listed } from './listed.ts'

const apps = ['iosVppApp', 'macOsVppApp'] as const
const books = ['iosVppEBook'] as const

const listOf = (kinds: readonly ContentKind[]) =>
  reads('list', ({ storage }, input) => {
    const { library } = storage.forTenant(input.actor.tenantId).reads
    return listed(
      input,
      async (query) => shownPage(await library.list(kinds, query)),
      (filter) => library.count(kinds, filter),
    )
  })

const countOf = (kinds: readonly ContentKind[]) =>
  reads('count', async ({ storage }, { actor, query }) => ({
    kind: 'count',
    count: await storage.forTenant(actor.tenantId).reads.library.count(kinds, query.filter),
  }))

const oneOf = (kinds: readonly ContentKind[], template: string) =>
  reads('entity', async ({ storage }, { actor, id }) => ({
    kind: 'entity',
    row: shown(await getItem(storage, actor, kinds, id(template))),
  }))

const licenses = ({ storage }: UseCaseDeps, { actor, id }: Input, kind: ContentKind) =>
  licensesOf(storage, actor, kind, id('appId'))

const licensesIn = (kind: ContentKind) =>
  reads('list', async (deps, input) => {
    const { list, count } = await licenses(deps, input, kind)
    return listed(input, list, count)
  })

const licenseIn = (kind: ContentKind) =>
  reads('entity', async (deps, input) => ({
    kind: 'entity',
    row: await (await licenses(deps, input, kind)).get(input.id('licenseId')),
  }))

/** The token under which an app of the path stands. */
async function tokenIdOf({ storage }: UseCaseDeps, { actor, id }: Input): Promise<string> {
  return (await getItem(storage, actor, ['iosVppApp'], id('appId'))).record.vppTokenId
}

export const libraryHandlers = {
  listApps: listOf(apps),
  countApps: countOf(apps),
  getApp: oneOf(apps, 'appId'),
  listIosApps: listOf(['iosVppApp']),
  getIosApp: oneOf(['iosVppApp'], 'appId'),
  listMacOsApps: listOf(['macOsVppApp']),
  getMacOsApp: oneOf(['macOsVppApp'], 'appId'),
  listBooks: listOf(books),
  countBooks: countOf(books),
  getBook: oneOf(books, 'bookId'),
  listLibrary: listOf([...apps, ...books]),
  getLibraryItem: oneOf([...apps, ...books], 'appId'),
  listIosLicenses: licensesIn('iosVppApp'),
  getIosLicense: licenseIn('iosVppApp'),
  listMacOsLicenses: licensesIn('macOsVppApp'),
  getMacOsLicense: licenseIn('macOsVppApp'),
  listSummaries: reads('list', ({ storage }, input) => {
    const { library } = storage.forTenant(input.actor.tenantId).reads
    const bundleId = input.parameter('bundleId')
    return listed(
      input,
      async (query) => {
        const page = await library.summaries(bundleId, query)
        return { ...page, rows: page.rows.map((record) => ({ record })) }
      },
      (filter) => library.countSummaries(bundleId, filter),
    )
  }),
  getTokenOfApp: reads('entity', async (deps, input) => ({
    kind: 'entity',
    row: await getToken(deps.storage, input.actor, await tokenIdOf(deps, input)),
  })),
  updateTokenOfApp: takes({
    isConditional: true,
    body: async (request) => decode(vppToken, 'old', await readEntityBody(request)),
    handle: async (deps, input, sent) => {
      const id = await tokenIdOf(deps, input)
      const row = await updateToken(deps, input.actor, id, sent, input.expected)
      deps.onDue()
      return { kind: 'updated', row, echo: sent.token ?? null }
    },
  }),
} as const satisfies Record<string, Handler>

function shownPage(page: ListedPage<StoredItem>): ListedPage<Row> {
  return { ...page, rows: page.rows.map(shown) }
}

function shown({ record, version }: StoredItem): Row {
  return { record, version, kind: record.contentKind }
}

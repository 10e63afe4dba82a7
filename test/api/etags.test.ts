import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { handlers } from '../../src/graph/handlers/handlers.ts'
import { operations } from '../../src/graph/operations.ts'
import { queuedRun } from '../../src/model/sync-run.ts'
import { intent } from '../contract/intent-samples.ts'
import { assignment, at, guid, item, token } from '../contract/samples.ts'
import { type RunningService, runningService, tenantId } from '../running-service.ts'

const kinds = { iosVppApp: guid(2), macOsVppApp: guid(3), iosVppEBook: guid(4) } as const
const adamId = '9000000001'
const licenses = '/beta/deviceAppManagement/mobileApps'

/** Whatever shows one entity alone (graph D13): an operation that is added is among them by itself. */
const ofOne = operations.flatMap((operation) =>
  operation.use && handlers[operation.use].answers === 'entity' ? [operation] : [],
)

describe('one entity', () => {
  let service: RunningService
  let ids: Readonly<Record<string, string>> = {}
  beforeAll(async () => {
    service = await runningService({ appleMode: 'off' })
    await service.storage.forTenant(tenantId).transaction(async (stores) => {
      await stores.tokens.insert(token(guid(1), { locationId: '42' }))
      const items = Object.entries(kinds).map(([kind, id]) =>
        item(id, { adamId, contentKind: kind as keyof typeof kinds }),
      )
      await stores.library.insert(guid(1), items)
      await stores.assignments.insert(guid(1), [assignment(adamId, 'SER000001')])
      await stores.intents.insert(intent(guid(11)))
      const run = { id: guid(21), tokenId: guid(1), cause: 'schedule', now: at(0) } as const
      await stores.runs.insert(queuedRun(run))
    })
    const path = `${licenses}/${kinds.iosVppApp}/graph.iosVppApp/assignedLicenses`
    const [license] = (await service.ask('GET', path)).json.value
    ids = {
      ...{ orgId: tenantId, id: guid(1), bookId: kinds.iosVppEBook, licenseId: license.id },
      ...{ runId: guid(21), intentId: guid(11) },
    }
  })
  afterAll(() => service.close())

  test.each(ofOne)('$name of $version has an ETag, and is not sent again', async (operation) => {
    const appId = operation.name.includes('MacOs') ? kinds.macOsVppApp : kinds.iosVppApp
    const path = operation.path
      .join('/')
      .replace(/\{(\w+)\}/g, (_, name: string) => ({ ...ids, appId })[name] ?? name)
    const ask = (headers: Record<string, string> = {}) =>
      service.ask('GET', `/${operation.version}/${path}`, { headers })
    const first = await ask()
    expect([first.status, first.headers.etag]).toEqual([200, expect.stringMatching(/^W\/"[^"]+"$/)])
    const etag = String(first.headers.etag)
    const again = await ask({ 'if-none-match': `"other", ${etag}` })
    expect([again.status, again.text, again.headers.etag]).toEqual([304, '', etag])
    expect((await ask({ 'if-none-match': 'W/"other"' })).status).toBe(200)
  })

  test('of a run has another ETag once the run has gone on', async () => {
    const ask = () => service.ask('GET', `/pomona/v1/runs/${guid(21)}`)
    const { etag } = (await ask()).headers
    const { transaction } = service.storage.forTenant(tenantId)
    await transaction(async ({ runs }) =>
      runs.update({ ...(await runs.get(guid(21))), status: 'running', startedAt: at(1) }),
    )
    const changed = await ask()
    expect([changed.json.status, changed.headers.etag === etag]).toEqual(['running', false])
  })
})

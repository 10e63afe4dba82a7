/** SIGTERM, built: no request is cut, the running chunk is finished, leases are given back, nothing is lost. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { trustingFetch } from '../../src/cli/trusting-fetch.ts'
import { type Api, connectApi } from '../../src/client/api.ts'
import { type CliWorld, cliWorld, role, tenantId } from './cli-world.ts'

const kiel = '7000000000000001'
const hamburg = '7000000000000010'
const writes = '/beta/deviceAppManagement/vppTokens'

describe('pomona serve at SIGTERM, built', () => {
  let world: CliWorld
  let trusting: ReturnType<typeof trustingFetch>
  let api: Api

  beforeAll(async () => {
    world = await cliWorld(['small', 'states'])
    const added = await world.run([
      ...['client', 'add', '--tenant', tenantId, '--role', role, '-o', 'json', ...world.place],
    ])
    const { clientId, clientSecret } = JSON.parse(added.stdout)
    trusting = trustingFetch(await readFile(world.caFile, 'utf8'))
    api = connectApi(trusting.fetch, { origin: world.origin, tenantId, clientId, clientSecret })
  }, 60_000)
  afterAll(async () => {
    await trusting?.close()
    await world?.close()
  })

  const fileOf = async (uId: string): Promise<string> =>
    (await world.control('GET', `/libraries/${uId}/tokens`)).tokens[0].file
  const slow = (id: string, uId: string, path: string) =>
    world.control('POST', '/faults', { id, match: { uId, path }, action: { delayMs: 1_500 } })
  const seen = async (id: string): Promise<number> => {
    const { faults } = await world.control('GET', '/faults')
    return faults.find((fault: { id: string }) => fault.id === id).seen
  }

  test('answers what has arrived, ends the chunk it is at, and ends with 0', async () => {
    // A sync that waits for Apple, and a request that waits for Apple.
    await slow('sync', kiel, '/mdm/v2/assets')
    await slow('request', hamburg, '/mdm/v2/client/config')
    const { id } = (await api.ask('POST', writes, { token: await fileOf(kiel) })) as { id: string }
    const check = api.ask('POST', '/pomona/v1/checkToken', { token: await fileOf(hamburg) })
    await until(async () => (await seen('sync')) > 0 && (await seen('request')) > 0)

    const stopped = world.service.stop()
    expect(await check).toMatchObject({ ok: true, location: { id: hamburg } })
    const exitCode = await stopped

    const log = world.service.output()
    expect([exitCode, exitCode === 0 ? '' : log]).toEqual([0, ''])
    expect(log).toContain('"msg":"stopping"')
    expect(log).not.toMatch(/"msg":"(runCrashed|dueLoopFailed|requestCrashed)"/)
    const database = new Database(join(world.folder, 'data', 'pomona.db'), { readonly: true })
    try {
      const leases = database.prepare('select location_key, until from location_lease').all()
      expect(leases).toEqual([])
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
      const token = database.prepare('select id from vpp_token').all()
      expect(token).toEqual([{ id }])
    } finally {
      database.close()
    }
  })
})

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let look = 0; look < 400; look++) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('It did not come to that in time')
}

/** Microsoft's own client and sign-in, unmodified, over HTTPS against the built program and the built simulator. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pomona, runBuilt, type Started, simulator, startBuilt } from './built-program.ts'

const run = promisify(execFile)
const tenantId = '3f2a7c1e-0d4b-4a55-9c1e-7b2f00c0ffee'

describe('Microsoft’s SDK against the built program', () => {
  let folder = ''
  let apple: Started
  let service: Started
  let environment: Record<string, string>

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pomona-sdk-'))
    const place = ['--data-dir', join(folder, 'data'), '--key-file', join(folder, 'key.json')]
    apple = await startBuilt(simulator, [
      ...['--listen', '127.0.0.1:0', '--control', '127.0.0.1:0', '--seed', 'small'],
      ...['--at', 'now', '-o', 'json'],
    ])
    await runBuilt(pomona, ['tenant', 'add', '--id', tenantId, '--name', 'Harbour', ...place])
    const added = await runBuilt(pomona, [
      ...['client', 'add', '--tenant', tenantId, '-o', 'json', ...place],
      ...['--role', 'DeviceManagementServiceConfig.ReadWrite.All'],
    ])
    service = await startBuilt(pomona, [
      ...['serve', '--listen', '127.0.0.1:0', '-o', 'json', ...place],
      ...['--apple-mode', 'simulated', '--apple-url', apple.facts.dataUrl ?? ''],
    ])
    const client = JSON.parse(added.stdout) as { clientId: string; clientSecret: string }
    environment = {
      POMONA_TEST_ORIGIN: service.facts.origin ?? '',
      POMONA_TEST_TENANT: tenantId,
      POMONA_TEST_CLIENT: client.clientId,
      POMONA_TEST_SECRET: client.clientSecret,
      POMONA_TEST_FILE: join(folder, 'Kiel.vpptoken'),
      NODE_EXTRA_CA_CERTS: service.facts.caFile ?? '',
    }
    await writeFile(environment.POMONA_TEST_FILE ?? '', await kielTokenFile(apple))
  })

  afterAll(async () => {
    await service?.stop()
    await apple?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  test('signs in, creates from a .vpptoken file, lists, reads, syncs and deletes', async () => {
    const { stdout } = await run(process.execPath, ['test/e2e/graph-sdk-session.ts'], {
      env: { ...process.env, ...environment },
    })
    const session = JSON.parse(stdout)
    const file = await readFile(environment.POMONA_TEST_FILE ?? '', 'utf8')

    expect(session.created).toMatchObject({
      displayName: 'Kiel',
      organizationName: 'Harbour Cranes GmbH',
      token: file,
      vppTokenAccountType: 'business',
    })
    expect(session.listed).toHaveLength(1)
    expect(session.listed[0]).toMatchObject({ id: session.created.id, token: null })
    expect(session.read.id).toBe(session.created.id)
    expect(session.syncing.lastSyncStatus).toBe('inProgress')
    expect(session.synced).toMatchObject({ state: 'valid', lastSyncStatus: 'completed' })
    expect(session.afterDelete).toEqual({ statusCode: 404, code: 'ResourceNotFound' })
  })
})

async function kielTokenFile({ facts }: Started): Promise<string> {
  const response = await fetch(
    `${facts.controlUrl}/worlds/main/libraries/7000000000000001/tokens`,
    { headers: { 'X-Simulator-Key': facts.controlKey ?? '' } },
  )
  const { tokens } = (await response.json()) as { tokens: { file: string }[] }
  return tokens[0]?.file ?? ''
}

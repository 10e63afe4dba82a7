/** Requests and syncs in processes of their own: `pomona serve --no-worker` beside `pomona worker`, on PostgreSQL. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { makeSchema, postgresUrl } from '../postgres-schema.ts'
import { pomona, simulator, startBuilt } from './built-program.ts'
import { role, runWithInput, tenantId, userFolders } from './cli-world.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pomona-worker-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test.each([
  [['worker'], 'pomona serve does the work of a worker itself'],
  [['worker', '--apple-mode', 'off'], 'so a worker has nothing to do'],
  [['serve', '--no-worker'], 'the embedded database belongs to one process alone'],
])('pomona %j is refused where there is one process', async (words, message) => {
  const { exitCode, stdout, stderr } = await runWithInput(words, undefined, userFolders(folder))
  expect([exitCode, stdout]).toEqual([2, ''])
  expect(stderr).toContain(message)
})

// Whether it may be skipped is said in contract/postgres.test.ts.
test.skipIf(!postgresUrl)('what one process is asked for, the other one does', async () => {
  const schema = await makeSchema(postgresUrl ?? '')
  onTestFinished(() => schema.remove())
  const apple = await startBuilt(simulator, [
    ...['--listen', '127.0.0.1:0', '--control', '127.0.0.1:0', '--at', 'now', '-o', 'json'],
  ])
  onTestFinished(async () => void (await apple.stop()))
  await writeFile(join(folder, 'storage-url'), schema.url)
  const environment = {
    ...userFolders(folder),
    POMONA_STORAGE_URL_FILE: join(folder, 'storage-url'),
    POMONA_KEY_FILE: join(folder, 'key.json'),
    POMONA_DATA_DIR: join(folder, 'data'),
  }
  const run = (...words: readonly string[]) => runWithInput(words, undefined, environment)
  await run('migrate')
  await run('tenant', 'add', '--id', tenantId, '--name', 'Harbour')
  const place = ['--apple-mode', 'simulated', '--apple-url', apple.facts.dataUrl ?? '']
  const listen = ['--no-worker', '--listen', '127.0.0.1:0']
  const service = await startBuilt(
    pomona,
    ['serve', ...listen, ...place, '-o', 'json'],
    environment,
  )
  onTestFinished(async () => void (await service.stop()))
  const worker = await startBuilt(pomona, ['worker', ...place, '-o', 'json'], environment)
  onTestFinished(async () => void (await worker.stop()))
  const as = ['--profile', 'hq']
  const origin = ['--origin', service.facts.origin ?? '']
  await run('client', 'add', '--tenant', tenantId, '--role', role, ...as, ...origin)

  const answer = await fetch(
    `${apple.facts.controlUrl}/worlds/main/libraries/7000000000000001/tokens`,
    {
      headers: { 'X-Simulator-Key': apple.facts.controlKey ?? '' },
    },
  )
  const { tokens } = (await answer.json()) as { tokens: { file: string }[] }
  const file = join(folder, 'kiel.vpptoken')
  await writeFile(file, tokens[0]?.file ?? '')
  const { id } = JSON.parse((await run('token', 'add', file, ...as, '-o', 'json')).stdout)
  const synced = await run('token', 'sync', id, '--wait', ...as, '-o', 'json')

  expect(JSON.parse(synced.stdout)).toMatchObject({ state: 'valid', lastSyncStatus: 'completed' })
  expect(worker.output()).toContain('"msg":"runEnded"')
  expect(service.output()).not.toContain('runEnded')
  expect([await worker.stop(), await service.stop()]).toEqual([0, 0])
})

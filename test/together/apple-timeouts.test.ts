/** How long Apple is waited for is a setting (Apple 5). */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startAppleSide } from '../../src/compose/apple-side.ts'
import { openInstance } from '../../src/compose/instance.ts'
import type { ServiceSettings } from '../../src/compose/service-settings.ts'
import { testStorage } from '../test-storage.ts'
import { appleSide } from './apple-side.ts'

test('a request that takes longer than the setting says is given up', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pomona-timeouts-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const place = await testStorage(folder)
  onTestFinished(() => place.remove())
  const paths = { 'data-dir': folder, 'key-file': join(folder, 'key.json') }
  const instance = await openInstance({
    ...{ dataDir: folder, keyFile: paths['key-file'], storageUrl: place.url },
  })
  onTestFinished(() => instance.storage.close())
  const simulated = await appleSide(['small'])
  onTestFinished(() => simulated.close())
  const settings: ServiceSettings = {
    ...{ ...paths, listen: { host: '127.0.0.1', port: 0 }, 'apple-ca': undefined },
    'apple-mode': 'simulated',
    ...{ 'apple-url': simulated.dataUrl, 'no-worker': true },
    'apple-request-seconds': 1,
  }
  const side = await startAppleSide(settings, simulated.dataUrl, instance, () => undefined)
  onTestFinished(() => side.stop())
  await simulated.control('POST', '/faults', {
    ...{ match: { path: '/mdm/v2/client/config' }, count: 1, action: { delayMs: 5_000 } },
  })

  const [token] = await simulated.tokensOf('7000000000000001')
  const conversation = side.apple?.converse(token?.file ?? '', 'key')
  expect(await conversation?.readConfig()).toMatchObject({ locationName: 'Kiel Depot' })
  expect(conversation?.log.refusals).toMatchObject([
    { text: 'the whole answer did not come within 1 s' },
  ])
})

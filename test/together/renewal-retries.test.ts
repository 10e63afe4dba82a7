/** A run that has a renewal to prove first is one run all the same: its retries are bounded together, and all of it is recorded. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type TurnedWorld, turnedWorld } from './turned-world.ts'

const kiel = '7000000000000001'

let world: TurnedWorld
let id = ''
let fresh: { readonly file: string; readonly fingerprint: string }
beforeEach(async () => {
  world = await turnedWorld(['small'])
  id = await world.addToken((await world.apple.tokensOf(kiel))[0]?.file ?? '')
  await world.run()
  await world.apple.control('PATCH', '/settings', {
    pageSizes: { assets: 1, assignments: 2, users: 10 },
  })
  // From here on every list is walked in full again.
  world.clock.turn(25 * 3_600_000)
  await refuse('client/config', 0)
  fresh = await world.apple.issueToken(kiel, 'b1@harbour.example')
  await world.updateToken(id, { token: fresh.file })
  expect((await world.token(id)).record.pendingContentFingerprint).toBe(fresh.fingerprint)
  await world.apple.control('DELETE', '/faults/client-config-')
  // The pause that the refused renewal has brought is over.
  world.clock.turn(60_000)
  await world.apple.control('DELETE', '/journal')
})
afterEach(() => world.close())

const refuse = (call: string, count: number, pageIndex = '') =>
  world.apple.control('POST', '/faults', {
    id: `${call.replace('/', '-')}-${pageIndex}`,
    match: { path: `/mdm/v2/${call}`, ...(pageIndex && { query: { pageIndex } }) },
    ...{ count, action: { errorNumber: 9729 } },
  })
const asked = async (): Promise<readonly { readonly path: string }[]> =>
  (await world.apple.control('GET', '/journal')).entries.filter(
    ({ path }: { path: string }) => path.startsWith('/mdm/') && !path.endsWith('service/config'),
  )

test('one that is proved is counted with what follows it', async () => {
  expect(await world.run()).toBe('completed')
  const { figures } = await world.lastRun(id)
  const calls = await asked()
  expect(calls.filter(({ path }) => path.endsWith('client/config'))).toHaveLength(2)
  expect(figures).toMatchObject({ requests: calls.length, tries: calls.length })
})

test('one that cannot be judged leaves fewer retries to the rest of the run: 30 in all', async () => {
  // The new content token is asked for five times in vain, the stored one four times.
  await refuse('client/config', 9)
  for (const pageIndex of ['0', '1', '2', '3']) await refuse('assets', 4, pageIndex)
  for (const pageIndex of ['0', '1']) await refuse('assignments', 4, pageIndex)
  expect(await world.run()).toBe('failed')
  const { figures, finding } = await world.lastRun(id)
  expect(finding).toMatchObject({ reason: 'appleUnavailable', errorNumber: 9729 })
  expect(figures).toMatchObject({ requests: 8, tries: 38 })
  expect(await asked()).toHaveLength(38)
  expect((await world.token(id)).record.pendingContentFingerprint).toBe(fresh.fingerprint)
})

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type TestDrive, testDrive } from '../test-drive.ts'

let drive: TestDrive
beforeEach(async () => {
  drive = await testDrive(['small'])
})
afterEach(() => drive.stop())

const control = (method: string, path: string, body?: unknown) => drive.control(method, path, body)

describe('the control plane says what is wrong', () => {
  test('without the key nothing but health is answered', async () => {
    const call = (path: string, key = '') =>
      fetch(drive.controlUrl + path, { headers: { 'x-simulator-key': key } })
    expect((await call('/seeds')).status).toBe(401)
    expect((await call('/seeds', 'wrong')).status).toBe(401)
    expect(await (await call('/health')).json()).toEqual({ status: 'ok', worlds: ['main'] })
  })

  test.each([
    [
      'GET',
      '/worlds/mian/clock',
      undefined,
      404,
      'There is no world "mian". Perhaps you meant "main".',
    ],
    [
      'POST',
      '/worlds/main/clocks',
      {},
      404,
      "The control plane has no path /simulator/worlds/main/clocks. See the simulator's README.",
    ],
    [
      'PUT',
      '/worlds/main/clock',
      {},
      400,
      '/simulator/worlds/main/clock does not take PUT. Use GET, POST.',
    ],
    [
      'POST',
      '/worlds/main/clock',
      { advance: 5 },
      400,
      'The body has no member "advance". Choose one of: set, advanceSeconds, mode.',
    ],
    [
      'POST',
      '/worlds/main/tokens/small-1/revoke',
      undefined,
      404,
      'There is no token "small-1" in this world. Perhaps you meant "small-01".',
    ],
    [
      'POST',
      '/worlds/main/tokens/small-01/revoke',
      { hard: true },
      400,
      'This call takes no body, but "hard" was sent. Leave it out.',
    ],
    [
      'POST',
      '/worlds/main/reset',
      { seed: 'smal' },
      400,
      'There is no seed "smal". Perhaps you meant "small".',
    ],
    [
      'PATCH',
      '/worlds/main/settings',
      { pageSizes: { asset: 2 } },
      400,
      '"pageSizes" has no member "asset". Perhaps you meant "assets".',
    ],
    [
      'POST',
      '/worlds/main/clock',
      { set: 'foo 1' },
      400,
      '"set" has to be a time like 2027-03-01T08:00:00Z.',
    ],
    [
      'POST',
      '/worlds/main/clock',
      { set: '2027-02-29T00:00:00Z' },
      400,
      '"set" has to be a time like 2027-03-01T08:00:00Z.',
    ],
    [
      'POST',
      '/worlds/main/libraries/7000000000000001/tokens',
      { expiresAt: '+012345-01-01T00:00:00Z' },
      400,
      '"expiresAt" has to be a time like 2027-03-01T08:00:00Z.',
    ],
    [
      'POST',
      '/worlds/main/libraries',
      { locationName: 'C', country: 'Germany' },
      400,
      '"country" has to be a country of two letters: DE.',
    ],
    [
      'POST',
      '/worlds/main/libraries/7000000000000001/buy',
      { adamId: 'abc', quantity: 1 },
      400,
      '"abc" is no adamId. Use up to 18 digits.',
    ],
    [
      'POST',
      '/worlds/main/libraries/7000000000000001/assignments',
      { assets: [{ adamId: 'abc' }], serialNumbers: ['S1'] },
      400,
      '"abc" is no adamId. Use up to 18 digits.',
    ],
    [
      'PATCH',
      '/worlds/main/settings',
      { notificationCa: 'nonsense' },
      400,
      '"notificationCa" is no certificate. Send the text of a PEM file, or null for none.',
    ],
    [
      'POST',
      '/worlds/main/notifications/send',
      { type: 'ASSET_COUNT' },
      409,
      'No location has a notification URL. A client sets one with POST client/config.',
    ],
    [
      'POST',
      '/worlds/main/journal/assert',
      [{ assert: 'maxRate' }],
      400,
      '"perSecond" in element 0 of the body has to be a whole number from 1.',
    ],
    [
      'DELETE',
      '/worlds/main/faults/f1',
      undefined,
      404,
      'There is no fault "f1" in this world. There is nothing to choose from.',
    ],
    [
      'POST',
      '/worlds',
      { name: 'main' },
      409,
      'There is a world "main" already. Delete it first or choose another name.',
    ],
    [
      'DELETE',
      '/worlds/main',
      undefined,
      409,
      'World "main" stays as long as the simulator runs. Reset it instead.',
    ],
  ])('%s %s %j', async (method, path, body, status, error) => {
    expect(await control(method, path, body)).toEqual({ status, json: { error } })
  })

  test('a lone percent sign in the path is a mistake, not a failure', async () => {
    expect((await control('GET', '/worlds/%/clock')).status).toBe(400)
  })
})

test('names that are made up keep clear of those that people gave', async () => {
  const library = (more: object) =>
    control('POST', '/worlds/main/libraries', { locationName: 'New', ...more })
  await library({ uId: '7000000000001001' })
  expect((await library({})).json.uId).toBe('7000000000001002')
  const fault = async (more: object) =>
    (await control('POST', '/worlds/main/faults', { action: {}, ...more })).json.id
  const given = [await fault({ id: 'fault-1' }), await fault({}), await fault({})]
  expect(given).toEqual(['fault-1', 'fault-2', 'fault-3'])
})

test('the clock ends where the years of a token file would have five digits', async () => {
  const clock = (body: object) => control('POST', '/worlds/main/clock', body)
  expect((await clock({ set: '9000-01-01T00:00:00Z' })).status).toBe(200)
  expect(await clock({ advanceSeconds: 1 })).toEqual({
    status: 400,
    json: { error: '"advanceSeconds" leads beyond the year 8999. Set the clock back first.' },
  })
  expect((await control('GET', '/worlds/main/clock')).json.now).toBe('9000-01-01T00:00:00.000Z')
})

test('a body beyond 16 MiB is refused in words', async () => {
  const body = 'x'.repeat(16 * 1024 * 1024 + 1)
  const answer = await fetch(`${drive.controlUrl}/worlds`, { method: 'POST', body })
  expect([answer.status, await answer.text()]).toEqual([
    413,
    'The body is longer than 16 MiB. Send less at once.\n',
  ])
})

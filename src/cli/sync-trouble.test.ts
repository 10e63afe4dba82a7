import { expect, test, vi } from 'vitest'
import type { RunView } from '../client/history-api.ts'
import type { TokenView } from '../client/token-api.ts'
import { causeOf, findTrouble } from './sync-trouble.ts'
import { tokenHealth } from './token-health.ts'
import { printToken } from './token-view.ts'

const now = new Date('2026-12-01T09:00:00Z')
const day = 86_400_000
const thresholds = { warnMs: 30 * day, critMs: 7 * day }
const unclaimed: TokenView = {
  ...{ id: '1', organizationName: null, displayName: 'Kiel', locationName: null },
  ...{ locationId: '7', state: 'valid', stateReason: 'unclaimed' },
  ...{ stateMessage: 'No server is registered.', recommendedAction: 'claim' },
  ...{ expirationDateTime: '2027-06-01T08:00:00Z', lastSyncDateTime: '2026-12-01T08:00:00Z' },
  ...{ lastSyncStatus: 'failed', nextSyncDateTime: '2026-12-01T09:05:00Z', lastAppCount: 1 },
  ...{ totalLicenseCount: 1, usedLicenseCount: 0, contentFingerprint: null },
  expirationDriftSeconds: 0,
}
const outage: RunView['finding'] = {
  ...{ reason: 'appleUnavailable', isDefinite: false, errorNumber: 9729, httpStatus: 503 },
  detail: 'out for lunch',
}
const revoked: RunView['finding'] = {
  ...{ reason: 'revokedByApple', isDefinite: true, errorNumber: 9625, httpStatus: 200 },
  detail: null,
}

const run = (id: string, status: string, finding: RunView['finding']) =>
  ({ id, status, finding }) as RunView
const found = (token: Partial<TokenView>, ...runs: readonly RunView[]) =>
  findTrouble(
    {
      runs: async () => runs,
      run: () => Promise.reject(new Error('asks for a list')),
      changes: () => Promise.reject(new Error('asks for a list')),
    },
    { ...unclaimed, ...token },
    now,
  )

test('a failed sync is told by what its run met, not by what the state of the token is about', async () => {
  expect(await found({}, run('r-1', 'failed', outage))).toEqual({
    ...{ runId: 'r-1', reason: 'appleUnavailable', errorNumber: 9729, httpStatus: 503 },
    message:
      "Apple's service gave no usable answer (out for lunch). Next attempt 2026-12-01 09:05 UTC.",
    ...{ recommendedAction: 'wait', nextSyncDateTime: '2026-12-01T09:05:00Z' },
  })
})

test('a verdict that made the state keeps the sentence of the state', async () => {
  const token = { state: 'invalid', stateReason: 'revokedByApple', stateMessage: 'Revoked.' }
  const trouble = await found(
    { ...token, recommendedAction: 'renew' },
    run('r-1', 'failed', revoked),
  )
  expect(trouble).toMatchObject({ message: 'Revoked.', recommendedAction: 'renew' })
})

test('a reason that only a newer service knows is told in its own words', async () => {
  const trouble = await found({}, run('r-1', 'failed', { ...outage, reason: 'onTheMoon' }))
  expect(trouble).toMatchObject({ reason: 'onTheMoon', message: 'out for lunch' })
})

test.each([
  ['the newest that ended', [run('2', 'superseded', null), run('1', 'failed', outage)], '1'],
  ['none while the newest went well', [run('2', 'completed', null), run('1', 'failed', outage)]],
  ['none when none is kept', []],
])('of the runs, %s counts', async (_, runs, id?: string) => {
  expect((await found({}, ...runs))?.runId).toBe(id)
})

test('nothing is told of a sync that went well', async () => {
  expect(await found({ lastSyncStatus: 'completed' }, run('1', 'failed', outage))).toBeUndefined()
})

test('a cause without numbers is the reason alone', async () => {
  const bare = { ...outage, errorNumber: null, httpStatus: null }
  const trouble = await found({}, run('1', 'failed', bare))
  expect(trouble && causeOf(trouble)).toBe('appleUnavailable')
})

const why = "appleUnavailable (Apple's number 9729, HTTP 503), next attempt 2026-12-01 09:05Z"
test.each<readonly [Partial<TokenView>, string]>([
  [{}, `warning its last sync failed: ${why}`],
  [
    { stateReason: 'notVerifiedRecently' },
    `warning notVerifiedRecently; its last sync failed: ${why}`,
  ],
  [{ state: 'unknown', stateReason: 'appleUnavailable' }, `unknown ${why}`],
  [
    { expirationDateTime: '2026-12-02T09:00:00Z' },
    `critical expires in 1 d (2026-12-02); its last sync failed: ${why}`,
  ],
])('to a monitor, %j with it is %s', async (part, told) => {
  const token = { ...unclaimed, ...part }
  const trouble = await found(part, run('1', 'failed', outage))
  const { severity, problem } = tokenHealth(token, thresholds, now, trouble)
  expect(`${severity} ${problem}`).toBe(told)
})

test('to people, the cause stands below the sync, and what it needs comes before a claim', async () => {
  const written: string[] = []
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text))
    return true
  })
  try {
    printToken(unclaimed, await found({}, run('1', 'failed', outage)))
  } finally {
    write.mockRestore()
  }
  const text = written.join('')
  expect(text).toContain('to do         wait, then claim\n')
  expect(text).toContain(
    [
      'last sync     failed 2026-12-01 08:00Z',
      "              appleUnavailable (Apple's number 9729, HTTP 503)",
      "              Apple's service gave no usable answer (out for lunch). Next attempt 2026-12-01 09:05 UTC.",
      'next sync     2026-12-01 09:05Z',
      '',
    ].join('\n'),
  )
})

import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningService, runningService } from '../running-service.ts'
import { type AppleSide, appleSide } from './apple-side.ts'
import { addSynced, storedView, syncNow, trueView } from './stored-truth.ts'

const uId = '7000000000000001'

/** What may happen at Apple between two syncs; whatever the world refuses simply has not happened. */
const adamId = fc.constantFrom('9000000001', '9000000002', '9000000005', '9000000006')
const serialNumbers = fc.uniqueArray(fc.constantFrom('S1', 'S2', 'S3', 'S4', 'S5'), {
  minLength: 1,
})
const change = fc.oneof(
  fc.record({
    method: fc.constant('POST'),
    path: fc.constantFrom('/buy', '/refund'),
    body: fc.record({ adamId, quantity: fc.integer({ min: 1, max: 9 }) }),
  }),
  fc.record({
    method: fc.constantFrom('POST', 'DELETE'),
    path: fc.constant('/assignments'),
    body: fc.record({ assets: adamId.map((id) => [{ adamId: id }]), serialNumbers }),
  }),
)

describe('after any changes at Apple', () => {
  let apple: AppleSide
  let service: RunningService
  let tokenId = ''

  beforeAll(async () => {
    apple = await appleSide(['small'])
    // Small pages make every list a walk; a high rate makes the pace no part of this test.
    await apple.control('PATCH', '/settings', {
      pageSizes: { assets: 2, assignments: 2, users: 2 },
      limits: { maxRequestPerSecond: 100_000 },
    })
    service = await runningService({ appleMode: 'simulated', appleUrl: apple.dataUrl })
    const [token] = await apple.tokensOf(uId)
    tokenId = await addSynced(service, token?.file ?? '')
  })
  afterAll(async () => {
    await service.close()
    await apple.close()
  })

  test('a sync makes what is stored equal to what is there', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 8 }), async (changes) => {
        for (const { method, path, body } of changes)
          await apple.control(method, `/libraries/${uId}${path}`, body).catch(() => 'refused')
        const synced = await syncNow(service, tokenId)

        expect(synced).toMatchObject({ lastSyncStatus: 'completed', state: 'valid' })
        expect(await storedView(service, tokenId)).toEqual(await trueView(apple, uId))
      }),
      { numRuns: 30 },
    )
  }, 120_000)

  test('and every call kept to the rules that Apple sets', async () => {
    const verdicts = await apple.control('POST', '/journal/assert', [
      { assert: 'pagedToEnd', endpoint: 'assets' },
      { assert: 'pagedToEnd', endpoint: 'assignments' },
      { assert: 'pagedToEnd', endpoint: 'users' },
      { assert: 'noRestart', endpoint: 'assignments' },
      { assert: 'maxParallel', n: 5 },
      { assert: 'tokenVerbatim' },
      { assert: 'noSecretInUrl' },
      { assert: 'noWrites', uId },
    ])
    expect(verdicts.filter((verdict: { ok: boolean }) => !verdict.ok)).toEqual([])
  })

  test('a sync of an unchanged location writes no row', async () => {
    await syncNow(service, tokenId)
    const { rows } = await service.storage
      .forTenant('3f2a7c1e-0d4b-4a55-9c1e-7b2f00c0ffee')
      .reads.runs.list(tokenId, { limit: 1 })
    expect(rows[0]?.figures).toMatchObject({ rowsAdded: 0, rowsChanged: 0, rowsRemoved: 0 })
  })
})

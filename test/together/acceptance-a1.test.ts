import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { acceptanceA1, seedBody } from '../acceptance-a1.ts'
import { type RunningService, runningService, tenantId } from '../running-service.ts'
import { type AppleSide, appleSide } from './apple-side.ts'

describe('A1 in mode simulated', () => {
  let apple: AppleSide
  let service: RunningService
  beforeAll(async () => {
    apple = await appleSide(['small'])
    service = await runningService({ appleMode: 'simulated', appleUrl: apple.dataUrl })
  })
  afterAll(async () => {
    await service.close()
    await apple.close()
  })

  acceptanceA1(() => service)

  test('the truth follows: "Token value" is no content token, and its expiry has passed', async () => {
    const created = await service.ask(
      'POST',
      `/beta/organization/${tenantId}/appleVolumePurchaseProgramTokens/{id}`,
      { headers: { 'content-type': 'application/json' }, body: seedBody },
    )
    const read = () => service.ask('GET', `/pomona/v1/tokens/${created.json.id}`)
    await vi.waitFor(async () => expect((await read()).json.lastSyncStatus).toBe('failed'), {
      timeout: 20_000,
    })
    expect((await read()).json).toMatchObject({
      state: 'expired',
      stateReason: 'expired',
      recommendedAction: 'renew',
      expirationDateTime: '2016-12-31T23:57:57.2481234-08:00',
    })
  })

  test('nothing was ever asked of Apple for it', async () => {
    const { entries } = await apple.control('GET', '/journal')
    expect(entries).toEqual([])
  })
})

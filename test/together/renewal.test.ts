/** Renewal in place, class by class (graph H5): what was asked of Apple, and that nothing was lost. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type RunningService, runningService, tenantId } from '../running-service.ts'
import { type AppleSide, appleSide } from './apple-side.ts'
import { addSynced, storedView, syncEnd, syncNow } from './stored-truth.ts'

const kiel = '7000000000000001'
const hamburg = '7000000000000010'
const beta = '/beta/deviceAppManagement/vppTokens'

interface JournalEntry {
  readonly path: string
  readonly tokenFingerprint: string | null
}

describe('a renewal', () => {
  let apple: AppleSide
  let service: RunningService
  beforeAll(async () => {
    apple = await appleSide(['small', 'states'])
    service = await runningService({ appleMode: 'simulated', appleUrl: apple.dataUrl })
  })
  afterAll(async () => {
    await service.close()
    await apple.close()
  })

  let tokenId = ''
  let oldPrint = ''
  beforeEach(async () => {
    await apple.control('POST', '/reset')
    await apple.control('PATCH', '/settings', { limits: { maxRequestPerSecond: 100_000 } })
    for (const { id } of (await service.ask('GET', beta)).json.value)
      await service.ask('DELETE', `${beta}/${id}`)
    const [token] = await apple.tokensOf(kiel)
    oldPrint = token?.fingerprint ?? ''
    tokenId = await addSynced(service, token?.file ?? '')
    await apple.control('DELETE', '/journal')
  })

  const renew = (file: string) =>
    service.ask('PATCH', `${beta}/${tokenId}`, { body: { token: file } })
  const pomonaView = async () => (await service.ask('GET', `/pomona/v1/tokens/${tokenId}`)).json
  /** Which content token asked for what, in order. */
  const asked = async (): Promise<readonly string[]> =>
    (await apple.control('GET', '/journal')).entries
      .filter(({ path }: JournalEntry) => !path.endsWith('service/config'))
      .map(({ path, tokenFingerprint }: JournalEntry) => `${tokenFingerprint} ${path.slice(8)}`)
  const lastRun = async () =>
    (await service.storage.forTenant(tenantId).reads.runs.list(tokenId, { limit: 1 })).rows[0]
  const auditActions = async () =>
    (await service.storage.forTenant(tenantId).reads.audit.list({ limit: 50 })).rows
      .filter(({ subject }) => subject === tokenId)
      .map(({ action }) => action)

  /** Nothing of what the stored token brought is lost, and it is still the one in force. */
  async function expectUntouched(before: Awaited<ReturnType<typeof storedView>>) {
    expect(await storedView(service, tokenId)).toEqual(before)
    expect((await pomonaView()).contentFingerprint).toBe(oldPrint)
    await apple.control('DELETE', '/journal')
    expect(await syncNow(service, tokenId)).toMatchObject({ state: 'valid' })
    expect(new Set((await asked()).map((line) => line.slice(0, 8)))).toEqual(new Set([oldPrint]))
  }

  test('with a token of the same location takes its place at once and keeps everything', async () => {
    const before = await storedView(service, tokenId)
    const fresh = await apple.issueToken(kiel, 'b1@harbour.example')
    const renewed = await renew(fresh.file)

    expect(renewed.status).toBe(200)
    expect(renewed.json).toMatchObject({ id: tokenId, token: fresh.file })
    expect((await asked())[0]).toBe(`${fresh.fingerprint} client/config`)
    expect(await syncEnd(service, tokenId)).toMatchObject({
      state: 'valid',
      lastSyncStatus: 'completed',
      contentFingerprint: fresh.fingerprint,
    })
    expect(await storedView(service, tokenId)).toEqual(before)
    expect(new Set(await asked())).not.toContain(`${oldPrint} client/config`)
    expect((await lastRun())?.cause).toBe('renewal')
    expect(await auditActions()).toContain('token.renewed')
  })

  test('with the same token again asks nobody and changes no credential', async () => {
    const [token] = await apple.tokensOf(kiel)
    expect((await renew(token?.file ?? '')).status).toBe(200)
    expect(await asked()).toEqual([])
    expect(await auditActions()).not.toContain('token.renewed')
  })

  test('with a token of another location is refused, naming both', async () => {
    const before = await storedView(service, tokenId)
    const [other] = await apple.tokensOf(hamburg)
    const refused = await renew(other?.file ?? '')

    expect([refused.status, refused.json.error.code, refused.json.error.message]).toEqual([
      409,
      'Conflict',
      `This content token is for location "Hamburg Terminal" (id ${hamburg}), but "Kiel" serves "Kiel Depot" (id ${kiel}). Nothing was changed.`,
    ])
    expect(await asked()).toEqual([`${other?.fingerprint} client/config`])
    await expectUntouched(before)
  })

  test('with a token that Apple refuses changes nothing', async () => {
    const before = await storedView(service, tokenId)
    const fresh = await apple.issueToken(kiel, 'b1@harbour.example')
    await apple.control('POST', `/tokens/${fresh.tokenId}/revoke`)
    const refused = await renew(fresh.file)

    expect([refused.status, refused.json.error.code]).toEqual([409, 'Conflict'])
    expect(refused.json.error.message).toContain('(revokedByApple, 9625)')
    await expectUntouched(before)
  })

  test('with a text that is no content token changes nothing and asks nobody', async () => {
    const before = await storedView(service, tokenId)
    const refused = await renew('Token value')

    expect([refused.status, refused.json.error.code]).toEqual([400, 'ModelValidationFailure'])
    expect(await asked()).toEqual([])
    await expectUntouched(before)
  })

  test('while Apple is out of reach waits, with the old token in force, until a run has proved it', async () => {
    const before = await pomonaView()
    await apple.control('POST', '/faults', {
      ...{ id: 'down', match: { path: '/mdm/v2/client/config' }, count: 0 },
      action: { status: 503, errorNumber: 9729 },
    })
    const fresh = await apple.issueToken(kiel, 'b1@harbour.example')
    const accepted = await renew(fresh.file)
    expect([accepted.status, accepted.json.token]).toEqual([200, fresh.file])
    expect((await pomonaView()).expirationDateTime).toBe(before.expirationDateTime)
    expect((await pomonaView()).contentFingerprint).toBe(oldPrint)

    await apple.control('DELETE', '/faults/down')
    await syncEnd(service, tokenId)
    expect(await syncNow(service, tokenId)).toMatchObject({
      state: 'valid',
      contentFingerprint: fresh.fingerprint,
    })
  })

  test('that waits is taken back by sending the stored one again', async () => {
    await apple.control('POST', '/faults', {
      ...{ id: 'down', match: { path: '/mdm/v2/client/config' }, count: 0 },
      action: { status: 503, errorNumber: 9729 },
    })
    const fresh = await apple.issueToken(kiel, 'b1@harbour.example')
    await renew(fresh.file)
    expect((await pomonaView()).pendingContentFingerprint).toBe(fresh.fingerprint)
    const [stored] = await apple.tokensOf(kiel)
    expect((await renew(stored?.file ?? '')).status).toBe(200)
    expect((await pomonaView()).pendingContentFingerprint).toBeNull()

    await apple.control('DELETE', '/faults/down')
    await syncEnd(service, tokenId)
    expect(await syncNow(service, tokenId)).toMatchObject({
      state: 'valid',
      contentFingerprint: oldPrint,
    })
  })

  test('that turns out to be of another location is dropped by the run, which says so', async () => {
    const before = await storedView(service, tokenId)
    await apple.control('POST', '/faults', {
      ...{ id: 'down', match: { path: '/mdm/v2/client/config' }, count: 0 },
      action: { status: 503, errorNumber: 9729 },
    })
    const [other] = await apple.tokensOf(hamburg)
    expect((await renew(other?.file ?? '')).status).toBe(200)
    await apple.control('DELETE', '/faults/down')
    await syncEnd(service, tokenId)
    if ((await lastRun())?.finding?.reason !== 'locationMismatch') await syncNow(service, tokenId)

    expect(await pomonaView()).toMatchObject({
      state: 'valid',
      stateReason: 'locationMismatch',
      recommendedAction: 'renew',
      stateMessage: `The renewal was dropped: it is for another location (${hamburg}). The stored content token stays in force. Renew with the right one.`,
    })
    expect((await lastRun())?.finding).toMatchObject({ reason: 'locationMismatch' })
    expect(await auditActions()).toContain('token.renewalDropped')
    await expectUntouched(before)
  })

  test('of a token that was never proven replaces it without asking', async () => {
    await service.ask('DELETE', `${beta}/${tokenId}`)
    const created = await service.ask('POST', beta, { body: { token: 'Token value' } })
    tokenId = created.json.id
    expect(await syncEnd(service, tokenId)).toMatchObject({ stateReason: 'unreadableToken' })
    expect((await renew('Another value')).status).toBe(200)

    const [token] = await apple.tokensOf(kiel)
    expect((await renew(token?.file ?? '')).status).toBe(200)
    expect(await syncEnd(service, tokenId)).toMatchObject({
      state: 'valid',
      contentFingerprint: oldPrint,
    })
  })
})

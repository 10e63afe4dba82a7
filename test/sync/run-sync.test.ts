import { describe, expect, test } from 'vitest'
import type { AppleFinding } from '../../src/model/apple-finding.ts'
import { formatDateTimeOffset } from '../../src/model/date-time-offset.ts'
import type { StateReason } from '../../src/model/vpp-token-types.ts'
import { firstVersions, onePage, type Script, smallConfig, smallScript } from './scripted-apple.ts'
import { worldWithToken } from './sync-world.ts'

const verdict = (reason: StateReason): AppleFinding => ({ reason, isDefinite: true })
const trouble = (reason: StateReason): AppleFinding => ({ reason, isDefinite: false })

describe('a first run that goes well', () => {
  test('keeps what Apple says of the location, with state, counts and times', async () => {
    const { world, id } = await worldWithToken()
    expect(await world.run()).toBe('completed')
    const { record, finding, dueAt } = await world.token(id)
    expect(record).toMatchObject({
      state: 'valid',
      stateReason: 'unclaimed',
      stateMessage:
        'No server is registered for this location. Pomona only reads until you claim it.',
      recommendedAction: 'claim',
      lastSyncStatus: 'completed',
      locationId: '7000000000000001',
      locationName: 'Kiel Depot',
      countryOrRegion: 'de',
      appleCountryOrRegion: 'de',
      vppTokenAccountType: 'business',
      lastAppCount: 2,
      totalLicenseCount: 15,
      usedLicenseCount: 2,
      mdmHolder: null,
    })
    expect(formatDateTimeOffset(record.expirationDateTime)).toBe('2027-03-01T08:00:00Z')
    expect(formatDateTimeOffset(record.lastSyncDateTime)).toBe('2026-12-01T09:00:00.0010000Z')
    expect(record.lastModifiedDateTime).toEqual(record.lastSyncDateTime)
    expect(record.lastVerifiedDateTime).toEqual(record.lastSyncDateTime)
    expect(formatDateTimeOffset(record.nextSyncDateTime)).toBe('2026-12-01T15:00:00.0010000Z')
    expect(dueAt).toBe(record.nextSyncDateTime.instant)
    expect(finding).toBeNull()
    expect(await world.rowCounts(id)).toEqual([2, 2, 1])
  })

  test('leaves its record, an audit event and an observation behind', async () => {
    const script = smallScript()
    const { world, id } = await worldWithToken(script)
    await world.run()
    const run = await world.lastRun(id)
    expect(run).toMatchObject({
      cause: 'create',
      status: 'completed',
      finding: null,
      versionsBefore: {},
      versions: firstVersions(script),
      readings: { assets: 'full', assignments: 'full', users: 'full' },
      counts: {
        ...{ assets: 2, totalLicenses: 15, availableLicenses: 16, assignedLicenses: 2 },
        ...{ retiredLicenses: 0, assignments: 2, users: 1 },
      },
      unknownFields: ['novelty'],
      figures: { requests: 4, pages: 3, tries: 4, waitedMs: 0, rowsAdded: 5, rowsChanged: 0 },
    })
    expect(await world.audited(id)).toEqual(['token.stateChanged', 'token.added'])
    const { rows } = await world.tenant.reads.audit.list({ limit: 1 })
    expect(rows[0]).toMatchObject({
      actor: 'pomona',
      details: {
        oldState: 'unknown',
        oldStateReason: 'neverChecked',
        state: 'valid',
        stateReason: 'unclaimed',
        runId: run.id,
      },
    })
    const ids = { runId: run.id, tenantId: expect.any(String), tokenId: id }
    expect(world.observed).toEqual([
      {
        kind: 'metadataRefreshed',
        ...ids,
        ...{ asked: 2, changed: 0, icons: 0, iconsMissed: 0, isWhole: true, durationMs: 0 },
      },
      {
        kind: 'runEnded',
        ...ids,
        status: 'completed',
        figures: run.figures,
        durationMs: 0,
      },
    ])
  })

  test('asks under the content hash until the location is known, under the location after that', async () => {
    const script = smallScript()
    const { world, id } = await worldWithToken(script)
    const { assignments, users } = firstVersions(script)
    const { contentHash } = await world.token(id)
    await world.run()
    await world.turnToDue(id)
    await world.run()
    expect(world.apple.asked).toEqual([
      ...['config', 'assets', 'assignments', 'users'].map((name) => `${contentHash} ${name}`),
      ...[...['config', 'assets', `assignments since ${assignments}`, `users since ${users}`]].map(
        (name) => `7000000000000001 ${name}`,
      ),
    ])
    expect(world.apple.expected).toEqual(['7000000000000001', '7000000000000001'])
    expect(await world.runsOf(id)).toEqual(['schedule completed', 'create completed'])
  })
})

describe('the state that a run comes to', () => {
  test.each<[string, LocationOrTrouble, string]>([
    ['a verdict: expired', verdict('expired'), 'expired expired failed'],
    ['a verdict: revoked', verdict('revokedByApple'), 'invalid revokedByApple failed'],
    ['a verdict: rejected', verdict('rejectedByApple'), 'invalid rejectedByApple failed'],
    ['a verdict: login', verdict('loginRequired'), 'invalid loginRequired failed'],
    ['a verdict: legacy', verdict('legacyToken'), 'invalid legacyToken failed'],
    ['a verdict: unknown', verdict('unknownAppleError'), 'invalid unknownAppleError failed'],
    ['a verdict: 9645', verdict('heldByOtherMdm'), 'assignedToExternalMDM heldByOtherMdm failed'],
    ['trouble: throttled', trouble('throttled'), 'unknown throttled failed'],
    ['trouble: maintenance', trouble('maintenance'), 'unknown maintenance failed'],
    ['trouble: no answer', trouble('appleUnavailable'), 'unknown appleUnavailable failed'],
    ['trouble: certificate', trouble('tlsRefused'), 'unknown tlsRefused failed'],
    ['trouble: service gone', trouble('serviceGone'), 'unknown serviceGone failed'],
    ['no server', { mdm: null }, 'valid unclaimed completed'],
    [
      'another server',
      { mdm: { id: 'old', name: 'Old MDM', metadata: 'x' } },
      'assignedToExternalMDM heldByOtherMdm completed',
    ],
    [
      'an expiry that has come',
      { tokenExpiration: '2026-12-01T09:00:00.0010000Z' },
      'expired expired completed',
    ],
  ])('%s', async (_what, said, expected) => {
    const script = 'reason' in said ? { ...smallScript(), config: said } : smallScript(said)
    const { world, id } = await worldWithToken(script)
    await world.run()
    expect(await world.stateOf(id)).toBe(expected)
  })

  test('no content token at all', async () => {
    const { world, id } = await worldWithToken(smallScript(), { token: null })
    expect(await world.run()).toBe('failed')
    expect(await world.stateOf(id)).toBe('invalid unreadableToken failed')
    expect((await world.token(id)).record.stateMessage).toBe(
      'The file is empty. Download the content token again from Apple Business or Apple School Manager.',
    )
    expect(world.apple.asked).toEqual([])
  })

  test('a text that is no content token, whatever state the caller gave', async () => {
    const { world, id } = await worldWithToken(smallScript(), {
      token: 'Token value',
      state: 'valid',
    })
    expect(await world.run()).toBe('failed')
    expect(await world.stateOf(id)).toBe('invalid unreadableToken failed')
    expect((await world.lastRun(id)).finding?.reason).toBe('unreadableToken')
  })

  test("the caller's state, as long as Apple has not judged the token", async () => {
    const script = { ...smallScript(), config: trouble('appleUnavailable') }
    const { world, id } = await worldWithToken(script, { state: 'valid' })
    await world.run()
    expect(await world.stateOf(id)).toBe('valid appleUnavailable failed')
  })

  test('another server is named with the time when it was first seen', async () => {
    const script = smallScript({ mdm: { id: 'old', name: 'Old MDM', metadata: 'x' } })
    const { world, id } = await worldWithToken(script)
    await world.run()
    await world.turnToDue(id)
    await world.run()
    const { record } = await world.token(id)
    expect(record.stateMessage).toBe(
      'Location "Kiel Depot" is managed by "Old MDM" (id old), first seen 2026-12-01 09:00 UTC. Pomona only reads until you claim it.',
    )
    expect(await world.rowCounts(id)).toEqual([2, 2, 1])

    script.config = { ...smallConfig, mdm: { id: 'new', name: 'New MDM', metadata: 'x' } }
    await world.turnToDue(id)
    await world.run()
    expect((await world.token(id)).record.stateMessage).toContain(
      '"New MDM" (id new), first seen 2026-12-01 21:00 UTC',
    )
  })

  test('another location than stored: nothing of it is written', async () => {
    const script = smallScript()
    const { world, id } = await worldWithToken(script)
    await world.run()
    const before = await world.token(id)
    script.config = { ...smallConfig, uId: '7000000000000099', locationName: 'Elsewhere' }
    script.assets = []
    await world.turnToDue(id)
    expect(await world.run()).toBe('failed')
    expect(await world.stateOf(id)).toBe('invalid locationMismatch failed')
    const { record } = await world.token(id)
    expect(record.stateMessage).toBe(
      'Apple now answers for another location (7000000000000099) than stored (7000000000000001). Nothing was written. Renew with the right token.',
    )
    expect(record.locationName).toBe('Kiel Depot')
    expect(record.lastVerifiedDateTime).toEqual(before.record.lastVerifiedDateTime)
    expect(await world.rowCounts(id)).toEqual([2, 2, 1])
  })

  test('a verdict stands through later trouble and is gone with the next good answer', async () => {
    const script: Script = { ...smallScript(), config: verdict('revokedByApple') }
    const { world, id } = await worldWithToken(script)
    await world.run()
    script.config = trouble('appleUnavailable')
    await world.turnToDue(id)
    await world.run()
    expect(await world.stateOf(id)).toBe('invalid revokedByApple failed')
    expect((await world.lastRun(id)).finding?.reason).toBe('appleUnavailable')
    script.config = smallConfig
    await world.turnToDue(id)
    await world.run()
    expect(await world.stateOf(id)).toBe('valid unclaimed completed')
  })

  test('a verdict gives way to another, and to a good answer even if trouble follows', async () => {
    const script: Script = { ...smallScript(), config: verdict('revokedByApple') }
    const { world, id } = await worldWithToken(script)
    await world.run()
    script.config = verdict('rejectedByApple')
    await world.turnToDue(id)
    await world.run()
    expect(await world.stateOf(id)).toBe('invalid rejectedByApple failed')
    script.config = smallConfig
    script.users = [trouble('appleUnavailable')]
    await world.turnToDue(id)
    await world.run()
    expect(await world.stateOf(id)).toBe('valid unclaimed failed')
  })
})

describe('a run that Apple breaks off', () => {
  test('keeps the location, the state and the old counts, and tries again in 5 minutes', async () => {
    const script = smallScript()
    const { world, id } = await worldWithToken(script)
    await world.run()
    await world.turnToDue(id)
    script.assets = [...onePage([], 'v2'), trouble('appleUnavailable')]
    expect(await world.run()).toBe('failed')
    expect(await world.stateOf(id)).toBe('valid unclaimed failed')
    const { record, finding } = await world.token(id)
    expect(record).toMatchObject({ lastAppCount: 2, totalLicenseCount: 15 })
    expect(finding?.reason).toBe('appleUnavailable')
    expect(formatDateTimeOffset(record.nextSyncDateTime)).toBe('2026-12-01T15:05:15.0010000Z')
    expect(await world.lastRun(id)).toMatchObject({
      status: 'failed',
      finding: { reason: 'appleUnavailable' },
      versions: {},
    })
  })

  test('counts failures in a row past a run that was overtaken', async () => {
    const script: Script = { ...smallScript(), config: trouble('appleUnavailable') }
    const { world, id } = await worldWithToken(script)
    await world.run()
    await world.turnToDue(id)
    script.beforeConfig = () => world.tenant.transaction(({ tokens }) => tokens.raiseFence(id))
    expect(await world.run()).toBe('superseded')
    delete script.beforeConfig
    await world.run()
    const { dueAt } = await world.token(id)
    expect(Date.parse(dueAt) - world.clock.now().getTime()).toBe(630_000)
  })

  test('waits twice as long after each failure in a row, and as long as Apple wants', async () => {
    const script = { ...smallScript(), config: trouble('appleUnavailable') }
    const { world, id } = await worldWithToken(script)
    const waits: number[] = []
    for (let failures = 0; failures < 4; failures += 1) {
      await world.run()
      const { instant } = (await world.token(id)).record.nextSyncDateTime
      waits.push(Date.parse(instant) - world.clock.now().getTime())
      await world.turnToDue(id)
    }
    expect(waits).toEqual([315_000, 630_000, 1_260_000, 2_520_000])
    script.config = { ...trouble('throttled'), notBefore: '2026-12-02T09:00:00.0000000Z' }
    await world.run()
    expect((await world.token(id)).dueAt).toBe('2026-12-02T09:00:00.0000000Z')
  })
})

describe('who decides a value', () => {
  test.each([
    ['nobody gave a storefront: Apple', undefined, 'de', 'fr'],
    ['the caller gave one: the caller', 'us', 'us', 'us'],
  ])('%s', async (_who, countryOrRegion, first, second) => {
    const script = smallScript()
    const sent = countryOrRegion ? { countryOrRegion } : {}
    const { world, id } = await worldWithToken(script, sent)
    await world.run()
    expect((await world.token(id)).record.countryOrRegion).toBe(first)
    script.config = { ...smallConfig, country: 'fr' }
    await world.turnToDue(id)
    await world.run()
    const { record } = await world.token(id)
    expect([record.countryOrRegion, record.appleCountryOrRegion]).toEqual([second, 'fr'])
  })

  test("Apple's expiry wins over the content token's, which wins over the caller's", async () => {
    const script = smallScript({ tokenExpiration: '2027-01-15T08:00:00.0000000Z' })
    const sent = {
      expirationDateTime: { instant: '2030-01-01T00:00:00.0000000Z', offsetMinutes: 60 },
    }
    const { world, id } = await worldWithToken(script, sent)
    const shown = async () =>
      formatDateTimeOffset((await world.token(id)).record.expirationDateTime)
    expect(await shown()).toBe('2027-03-01T08:00:00Z')
    await world.run()
    expect(await shown()).toBe('2027-01-15T08:00:00Z')
    script.config = { ...smallConfig, tokenExpiration: null }
    await world.turnToDue(id)
    await world.run()
    expect(await shown()).toBe('2027-03-01T08:00:00Z')
  })

  test('what a caller changes while the run goes on stays changed', async () => {
    const script = smallScript()
    const { world, id } = await worldWithToken(script)
    script.beforeConfig = () =>
      world.tenant.transaction(async ({ tokens }) => {
        const token = await tokens.get(id)
        await tokens.update({ ...token, record: { ...token.record, displayName: 'Renamed' } })
      })
    expect(await world.run()).toBe('completed')
    expect((await world.token(id)).record.displayName).toBe('Renamed')
  })
})

type LocationOrTrouble = Partial<typeof smallConfig> | AppleFinding

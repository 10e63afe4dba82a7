/** Microsoft's generated TypeScript SDK for beta, unmodified, over HTTPS against the built program. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type SdkWorld, sdkWorld } from './graph-sdk-world.ts'

const started = '2026-12-01T09:00:00.123Z'

describe('Microsoft’s generated SDK for beta', () => {
  let world: SdkWorld
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever JSON came back
  let seen: any
  beforeAll(async () => {
    world = await sdkWorld(['--apple-mode', 'off'])
    const precise = {
      displayName: 'Precise',
      expirationDateTime: '2027-01-31T10:20:30.1234567-08:00',
    }
    const [id = ''] = await world.addTokens([precise])
    seen = await world.session('beta-sdk-session', { POMONA_TEST_PRECISE: id })
  })
  afterAll(() => world?.close())

  const model = {
    displayName: 'Lübeck',
    appleId: 'a1@harbour.example',
    vppTokenAccountType: 'education',
    state: 'assignedToExternalMDM',
    lastSyncStatus: 'completed',
    appleDeviceAppDeliveryProtocolType: 'mobileDeviceManagement',
    expirationDateTime: started,
    dataSharingConsentGranted: true,
    roleScopeTagIds: ['0', '7'],
  }
  const plainResult = {
    actionName: 'syncLicenses',
    actionState: 'done',
    startDateTime: started,
    lastUpdatedDateTime: started,
  }
  const revokeResult = {
    odataType: '#microsoft.graph.vppTokenRevokeLicensesActionResult',
    actionName: 'revokeLicenses',
    actionState: 'failed',
    actionFailureReason: 'expiredVppToken',
    startDateTime: started,
    lastUpdatedDateTime: '2026-12-01T09:00:01.000Z',
    totalLicensesCount: 7,
    failedLicensesCount: 2,
  }

  test('creates what its model holds: enums, dates in milliseconds, lists', () => {
    expect(seen.created).toMatchObject(model)
    expect(seen.read).toEqual(seen.created)
  })

  test('knows an action result of the derived type from a plain one', () => {
    expect(seen.read.tokenActionResults).toEqual([plainResult, revokeResult])
  })

  test('reads seven digits and an offset as a moment', () => {
    expect([seen.isDate, seen.precise.expirationDateTime, seen.precise.lastSyncDateTime]).toEqual([
      true,
      '2027-01-31T18:20:30.123Z',
      '0001-01-01T00:00:00.000Z',
    ])
  })

  test('writes back what it has read', () => {
    expect(seen.again).toBeNull()
    expect(seen.written).toMatchObject(model)
    // Its serializer leaves out what a derived item has beyond its base.
    expect(seen.written.tokenActionResults).toEqual([
      plainResult,
      {
        ...revokeResult,
        actionFailureReason: 'none',
        totalLicensesCount: 0,
        failedLicensesCount: 0,
      },
    ])
  })

  test('changes only what it sends', () => {
    expect(seen.patched).toEqual({
      ...seen.written,
      displayName: 'Kiel',
      state: 'expired',
      lastModifiedDateTime: expect.any(String),
    })
  })

  test('lists with its query parameters and iterates over the pages', () => {
    expect([seen.listed.odataCount, seen.listed.value.length, seen.names]).toEqual([
      2,
      1,
      ['Precise', 'Kiel'],
    ])
  })

  test('gets refusals as its own error model', () => {
    expect(seen.unknown).toEqual({
      status: 400,
      code: 'BadRequest',
      message:
        "Parsing OData Select and Expand failed: Could not find a property named 'nope' on type 'microsoft.graph.vppToken'.",
      hasRequestId: true,
    })
    expect(seen.gone).toMatchObject({ status: 404, code: 'ResourceNotFound', hasRequestId: true })
  })
})

describe('Microsoft’s generated SDK for beta, in front of a library', () => {
  let world: SdkWorld
  let tokenId = ''
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever JSON came back
  let seen: any
  beforeAll(async () => {
    world = await sdkWorld()
    const [id = ''] = await world.addTokens([{ displayName: 'Kiel', token: await world.issued() }])
    tokenId = id
    await world.session('graph-sdk-synced-session', { POMONA_TEST_TOKEN: tokenId })
    seen = await world.session('beta-sdk-library-session', { POMONA_TEST_TOKEN: tokenId })
  })
  afterAll(() => world?.close())

  test('gets apps and books as models of their own types', () => {
    expect(seen.apps).toMatchObject([
      {
        odataType: '#microsoft.graph.iosVppApp',
        displayName: 'Tidepool Notes',
        applicableDeviceType: { iPad: true, iPhoneAndIPod: true },
        licensingType: { supportsUserLicensing: true, supportsDeviceLicensing: true },
        releaseDateTime: '2024-05-06T00:00:00.000Z',
        totalLicenseCount: 10,
        usedLicenseCount: 2,
        vppTokenId: tokenId,
      },
      { odataType: '#microsoft.graph.iosVppApp', displayName: 'Harbour Weather' },
    ])
    expect(seen.books).toMatchObject([
      { odataType: '#microsoft.graph.iosVppEBook', vppTokenId: tokenId, totalLicenseCount: 4 },
    ])
  })

  test('calls a function and an action', () => {
    expect(seen.summaries).toMatchObject([
      { vppTokenId: tokenId, availableLicenseCount: 8, usedLicenseCount: 2 },
    ])
    expect(seen.synced).toMatchObject({ id: tokenId, lastSyncStatus: 'inProgress' })
  })

  test('sends a batch, and is told why a list is refused', () => {
    expect(seen.statuses).toEqual([200, 404])
    expect(seen.refused).toMatchObject({ status: 400, code: 'BadRequest' })
    expect(seen.refused.message).toContain('$top')
  })
})

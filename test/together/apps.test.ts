/** Apps, books and licences in use, as Graph shows what a sync has brought (graph 5; Apple 9.2). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningService, runningService } from '../running-service.ts'
import { type AppleSide, appleSide } from './apple-side.ts'
import { addSynced } from './stored-truth.ts'

const kiel = '7000000000000001'
const beta = '/beta/deviceAppManagement'
const v1 = '/v1.0/deviceAppManagement'

interface Shown {
  readonly id: string
  readonly displayName: string
  readonly '@odata.type'?: string
}

describe('the apps of a location', () => {
  let apple: AppleSide
  let service: RunningService
  let tokenId = ''
  let tidepool = ''
  beforeAll(async () => {
    apple = await appleSide(['small'])
    await apple.control('PATCH', '/settings', { limits: { maxRequestPerSecond: 100_000 } })
    service = await runningService({ appleMode: 'simulated', appleUrl: apple.dataUrl })
    const file = (await apple.tokensOf(kiel))[0]?.file ?? ''
    tokenId = await addSynced(service, file)
    await service.ask('PATCH', `${beta}/vppTokens/${tokenId}`, {
      body: { appleId: 'a1@harbour.example', displayName: 'Kiel Depot' },
    })
    const { json } = await service.ask(
      'GET',
      `${beta}/mobileApps?$filter=displayName eq 'Tidepool Notes'`,
    )
    tidepool = json.value[0].id
  })
  afterAll(async () => {
    await service.close()
    await apple.close()
  })

  const rows = async (path: string): Promise<readonly Shown[]> => {
    const { status, json } = await service.ask('GET', path)
    if (status !== 200) throw new Error(`${status} ${json.error.message}`)
    return json.value
  }
  const typesOf = async (path: string) => (await rows(path)).map((row) => row['@odata.type'])
  const refusal = async (path: string) => {
    const { status, json } = await service.ask('GET', path)
    return [status, json.error?.message]
  }

  test('an app in beta shows every property, its type named', async () => {
    const { json, headers } = await service.ask('GET', `${beta}/mobileApps/${tidepool}`)
    expect(json).toEqual({
      '@odata.context': `${service.origin}/beta/$metadata#deviceAppManagement/mobileApps/$entity`,
      '@odata.type': '#microsoft.graph.iosVppApp',
      id: tidepool,
      createdDateTime: expect.stringMatching(/^\d{4}-.*Z$/),
      description: 'Made-up app.',
      developer: 'Pomona Test Studio',
      displayName: 'Tidepool Notes',
      informationUrl: 'https://studio.example',
      isFeatured: false,
      largeIcon: null,
      lastModifiedDateTime: expect.stringMatching(/^\d{4}-.*Z$/),
      notes: null,
      owner: null,
      privacyInformationUrl: null,
      publisher: 'Pomona Test Studio',
      publishingState: 'published',
      dependentAppCount: 0,
      isAssigned: true,
      roleScopeTagIds: ['0'],
      supersededAppCount: 0,
      supersedingAppCount: 0,
      uploadState: 1,
      applicableDeviceType: { iPad: true, iPhoneAndIPod: true },
      appStoreUrl: 'https://apps.example/de/app/id9000000001',
      bundleId: 'test.pomona.tidepool',
      licensingType: {
        supportsUserLicensing: true,
        supportsDeviceLicensing: true,
        supportUserLicensing: true,
        supportDeviceLicensing: true,
      },
      releaseDateTime: '2024-05-06T00:00:00Z',
      totalLicenseCount: 10,
      usedLicenseCount: 2,
      vppTokenAccountType: 'business',
      vppTokenAppleId: 'a1@harbour.example',
      vppTokenOrganizationName: 'Harbour Cranes GmbH',
      vppTokenId: tokenId,
      vppTokenDisplayName: 'Kiel Depot',
      appleDeviceAppDeliveryProtocolType: 'default',
      revokeLicenseActionResults: [],
    })
    expect(headers.etag).toMatch(/^W\/"\d+"$/)
  })

  test('the same app in v1.0 has the v1.0 properties only, licensing without the legacy pair', async () => {
    const { json } = await service.ask('GET', `${v1}/mobileApps/${tidepool}`)
    expect(json['@odata.type']).toBe('#microsoft.graph.iosVppApp')
    expect(json.licensingType).toEqual({
      supportsUserLicensing: true,
      supportsDeviceLicensing: true,
    })
    for (const beyond of [
      'isAssigned',
      'vppTokenId',
      'vppTokenDisplayName',
      'revokeLicenseActionResults',
    ])
      expect(json).not.toHaveProperty(beyond)
  })

  test('the list names the type of each row; in v1.0 a Mac app is a bare mobileApp (D11)', async () => {
    expect(await typesOf(`${beta}/mobileApps?$orderby=displayName`)).toHaveLength(4)
    expect((await typesOf(`${beta}/mobileApps`)).sort()).toEqual([
      '#microsoft.graph.iosVppApp',
      '#microsoft.graph.iosVppApp',
      '#microsoft.graph.macOsVppApp',
      '#microsoft.graph.macOsVppApp',
    ])
    const inV1 = await rows(`${v1}/mobileApps`)
    const bare = inV1.filter((row) => row['@odata.type'] === undefined)
    expect(bare).toHaveLength(2)
    for (const row of bare) expect(row).not.toHaveProperty('usedLicenseCount')
  })

  test.each([
    [`${beta}/mobileApps?$filter=isof('microsoft.graph.iosVppApp')`, 'iosVppApp', 2],
    [`${v1}/mobileApps?$filter=isof('microsoft.graph.iosVppApp')`, 'iosVppApp', 2],
    [`${beta}/mobileApps?$filter=isof('microsoft.graph.macOsVppApp')`, 'macOsVppApp', 2],
    [`${beta}/mobileApps/microsoft.graph.macOsVppApp`, 'macOsVppApp', 2],
    [`${beta}/mobileApps/graph.iosVppApp?$filter=usedLicenseCount ge 2`, 'iosVppApp', 1],
    [
      `${beta}/mobileApps?$filter=microsoft.graph.iosVppApp/totalLicenseCount eq 10`,
      'iosVppApp',
      1,
    ],
    [`${beta}/mobileApps?$filter=publishingState eq 'published'&$top=1`, 'iosVppApp', 1],
  ])('%s', async (path, type, count) => {
    expect(await typesOf(path)).toEqual(Array(count).fill(`#microsoft.graph.${type}`))
  })

  test('in v1.0 there is no type for Mac apps to ask for', async () => {
    expect(await refusal(`${v1}/mobileApps?$filter=isof('microsoft.graph.macOsVppApp')`)).toEqual([
      400,
      expect.stringContaining('macOsVppApp'),
    ])
  })

  test('a derived property is selected through the cast, and unknown without it', async () => {
    const unknown =
      "Parsing OData Select and Expand failed: Could not find a property named 'usedLicenseCount' on type 'microsoft.graph.mobileApp'."
    const isof = `$filter=isof('microsoft.graph.iosVppApp')&`
    for (const path of [
      `${beta}/mobileApps?`,
      `${beta}/mobileApps?${isof}`,
      `${beta}/mobileApps/${tidepool}?`,
    ])
      expect(await refusal(`${path}$select=usedLicenseCount`)).toEqual([400, unknown])
    const cast = await service.ask(
      'GET',
      `${beta}/mobileApps/${tidepool}/microsoft.graph.iosVppApp?$select=id,usedLicenseCount`,
    )
    expect(cast.json).toMatchObject({ id: tidepool, usedLicenseCount: 2 })
    const absent = await service.ask(
      'GET',
      `${beta}/mobileApps/${tidepool}/microsoft.graph.macOsVppApp`,
    )
    expect(absent.status).toBe(404)
  })

  test('$search looks into name, publisher and bundle id; $expand shows what is never there (H2)', async () => {
    const found = async (word: string) =>
      (await rows(`${beta}/mobileApps?$search="${word}"`)).map(({ id }) => id)
    expect(await found('TIDEPOOL')).toEqual([tidepool])
    expect(await found('pomona.tide')).toEqual([tidepool])
    expect(await found('nothing like it')).toEqual([])
    const [row] = await rows(`${beta}/mobileApps?$expand=assignments,categories&$top=1`)
    expect(row).toMatchObject({ assignments: [], categories: [] })
    expect(await refusal(`${beta}/mobileApps?$expand=relationships`)).toEqual([
      400,
      expect.stringContaining('assignments and categories'),
    ])
  })

  test('licences in use, of devices and of users, each with an id that stays', async () => {
    const path = `${beta}/mobileApps/${tidepool}/microsoft.graph.iosVppApp/assignedLicenses`
    const first = await service.ask('GET', path)
    expect(first.json).toEqual({
      '@odata.context': `${service.origin}/beta/$metadata#deviceAppManagement/mobileApps('${tidepool}')/microsoft.graph.iosVppApp/assignedLicenses`,
      value: [
        {
          '@odata.type': '#microsoft.graph.iosVppAppAssignedDeviceLicense',
          id: expect.stringMatching(
            /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
          ),
          userId: null,
          userName: null,
          userEmailAddress: null,
          userPrincipalName: null,
          managedDeviceId: null,
          deviceName: 'POMSER000001',
        },
        {
          '@odata.type': '#microsoft.graph.iosVppAppAssignedUserLicense',
          id: expect.any(String),
          userId: 'u-0001',
          userName: null,
          userEmailAddress: 'u-0001@harbour.example',
          userPrincipalName: null,
        },
      ],
    })
    const user = first.json.value[1]
    const one = await service.ask('GET', `${path}/${user.id}`)
    expect(one.json).toMatchObject(user)
    const filtered = await rows(`${path}?$filter=userId eq 'u-0001'`)
    expect(filtered.map(({ id }) => id)).toEqual([user.id])
    expect((await service.ask('GET', `${path}/${tokenId}`)).status).toBe(404)
  })

  test('a filter may not look up the address of a licence again and again', async () => {
    const path = `${beta}/mobileApps/${tidepool}/microsoft.graph.iosVppApp/assignedLicenses`
    const asked = (times: number) =>
      `${path}?$filter=${Array(times).fill("userEmailAddress eq 'u-0001@harbour.example'").join(' or ')}`
    expect(await rows(asked(3))).toHaveLength(1)
    expect(await refusal(asked(4))).toEqual([400, expect.stringContaining('more than 3 times')])
  })

  test('a book shows in both versions under its own names', async () => {
    for (const root of [v1, beta]) {
      const [book] = await rows(`${root}/managedEBooks`)
      expect(book).toMatchObject({
        '@odata.type': '#microsoft.graph.iosVppEBook',
        largeCover: null,
        appleId: 'a1@harbour.example',
        totalLicenseCount: 4,
        usedLicenseCount: 1,
        vppOrganizationName: 'Harbour Cranes GmbH',
        vppTokenId: tokenId,
      })
      const { json } = await service.ask('GET', `${root}/managedEBooks/${book?.id}`)
      expect(json).toMatchObject({ id: book?.id, publishedDateTime: expect.any(String) })
    }
    expect((await service.ask('GET', `${beta}/managedEBooks/$count`)).text).toBe('1')
    expect((await service.ask('GET', `${v1}/mobileApps/$count`)).text).toBe('4')
  })

  test('one summary for each token that owns the bundle id', async () => {
    const summaries = (query = '') =>
      rows(`${beta}/vppTokens/getLicensesForApp(bundleId='test.pomona.tidepool')${query}`)
    const expected = [
      {
        vppTokenId: tokenId,
        appleId: 'a1@harbour.example',
        organizationName: 'Harbour Cranes GmbH',
        availableLicenseCount: 8,
        usedLicenseCount: 2,
      },
    ]
    expect(await summaries()).toEqual(expected)
    expect(await summaries('?$filter=availableLicenseCount gt 8')).toEqual([])
    expect(await summaries('?$search="harbour"&$count=true&$top=1')).toEqual(expected)
  })

  test('the token of an app in its first shape, readable and writable from there (H1)', async () => {
    const path = `${beta}/mobileApps/${tidepool}/microsoft.graph.iosVppApp/vppToken`
    const read = await service.ask('GET', path)
    expect(read.json).toMatchObject({
      '@odata.type': '#microsoft.graph.appleVolumePurchaseProgramToken',
      id: tokenId,
      volumePurchaseProgramTokenAccountType: 'business',
      token: null,
    })
    const changed = await service.ask('PATCH', path, { body: { countryOrRegion: 'de' } })
    expect([changed.status, changed.json.countryOrRegion]).toEqual([200, 'de'])
    const { id, secret } = await service.addClient('3f2a7c1e-0d4b-4a55-9c1e-7b2f00c0ffee', [
      'DeviceManagementApps.Read.All',
    ])
    const accessToken = await service.accessTokenOf(
      '3f2a7c1e-0d4b-4a55-9c1e-7b2f00c0ffee',
      id,
      secret,
    )
    const refused = await service.ask('PATCH', path, { accessToken, body: {} })
    expect([(await service.ask('GET', path, { accessToken })).status, refused.status]).toEqual([
      200, 403,
    ])
  })

  test('at the full level an app says how to go on from it', async () => {
    const { json } = await service.ask('GET', `${beta}/mobileApps/${tidepool}`, {
      headers: { Accept: 'application/json;odata.metadata=full' },
    })
    const own = `deviceAppManagement/mobileApps('${tidepool}')`
    expect(json).toMatchObject({
      '@odata.type': '#microsoft.graph.iosVppApp',
      '@odata.id': own,
      '@odata.editLink': own,
      'createdDateTime@odata.type': '#DateTimeOffset',
      'publishingState@odata.type': '#microsoft.graph.mobileAppPublishingState',
      'assignedLicenses@odata.navigationLink': `${service.origin}/beta/${own}/microsoft.graph.iosVppApp/assignedLicenses`,
    })
  })

  test('Pomona shows apps and books together with what Graph has no word for', async () => {
    const { json } = await service.ask('GET', '/pomona/v1/apps?$filter=isUnlimited eq true')
    expect(json.value.map((row: object) => ({ ...row, id: 'x' }))).toContainEqual({
      id: 'x',
      contentKind: 'iosVppApp',
      adamId: '9000000004',
      displayName: expect.any(String),
      bundleId: expect.any(String),
      publisher: expect.any(String),
      totalLicenseCount: 2_147_483_647,
      usedLicenseCount: 1,
      availableLicenseCount: 2_147_483_646,
      isUnlimited: true,
      tokenId,
      locationId: kiel,
    })
  })

  test('another tenant sees none of it', async () => {
    const other = '11111111-1111-4111-8111-111111111111'
    await service.addTenant(other)
    const { id, secret } = await service.addClient(other, ['DeviceManagementApps.ReadWrite.All'])
    const accessToken = await service.accessTokenOf(other, id, secret)
    const statuses = await Promise.all(
      [
        `${beta}/mobileApps/${tidepool}`,
        `${beta}/mobileApps/${tidepool}/microsoft.graph.iosVppApp/assignedLicenses`,
        `${beta}/mobileApps/${tidepool}/microsoft.graph.iosVppApp/vppToken`,
        `/pomona/v1/apps/${tidepool}`,
      ].map(async (path) => (await service.ask('GET', path, { accessToken })).status),
    )
    expect(statuses).toEqual([404, 404, 404, 404])
    const { json } = await service.ask('GET', `${beta}/mobileApps`, { accessToken })
    expect(json.value).toEqual([])
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acceptanceA1, seedBody } from '../acceptance-a1.ts'
import { type RunningService, runningService, tenantId } from '../running-service.ts'

describe('A1 in mode live', () => {
  let service: RunningService
  beforeAll(async () => {
    // Its "Token value" is no content token, so Apple's real service is never asked about it.
    service = await runningService({ appleMode: 'live' })
  })
  afterAll(() => service.close())

  acceptanceA1(() => service)
})

describe('A1 in mode off', () => {
  let service: RunningService
  beforeAll(async () => {
    service = await runningService({ appleMode: 'off' })
  })
  afterAll(() => service.close())

  acceptanceA1(() => service)

  test('the record reads back through every root, with the content token gone', async () => {
    const created = await service.ask(
      'POST',
      `/beta/organization/${tenantId}/appleVolumePurchaseProgramTokens/{id}`,
      { headers: { 'content-type': 'application/json' }, body: seedBody },
    )
    const { id } = created.json
    const common = {
      id,
      organizationName: 'Organization Name value',
      appleId: 'Apple Id value',
      expirationDateTime: '2016-12-31T23:57:57.2481234-08:00',
      lastSyncDateTime: '2017-01-01T00:02:49.3205976-08:00',
      token: null,
      lastModifiedDateTime: '2017-01-01T00:00:35.1329464-08:00',
      state: 'valid',
      lastSyncStatus: 'inProgress',
      automaticallyUpdateApps: false,
      countryOrRegion: null,
    }
    const old = await service.ask(
      'GET',
      `/beta/organization/${tenantId}/appleVolumePurchaseProgramTokens/${id}`,
    )
    expect(old.json).toEqual({
      '@odata.context': `${service.origin}/beta/$metadata#organization('${tenantId}')/appleVolumePurchaseProgramTokens/$entity`,
      '@odata.type': '#microsoft.graph.appleVolumePurchaseProgramToken',
      volumePurchaseProgramTokenAccountType: 'education',
      ...common,
    })
    const v1 = await service.ask('GET', `/v1.0/deviceAppManagement/vppTokens/${id}`)
    expect(v1.json).toEqual({
      '@odata.context': `${service.origin}/v1.0/$metadata#deviceAppManagement/vppTokens/$entity`,
      vppTokenAccountType: 'education',
      ...common,
    })
    const beta = await service.ask('GET', `/beta/deviceAppManagement/vppTokens/${id}`)
    expect(beta.json).toEqual({
      '@odata.context': `${service.origin}/beta/$metadata#deviceAppManagement/vppTokens/$entity`,
      vppTokenAccountType: 'education',
      ...common,
      displayName: null,
      locationName: null,
      dataSharingConsentGranted: false,
      claimTokenManagementFromExternalMdm: false,
      roleScopeTagIds: ['0'],
      tokenActionResults: [],
      appleDeviceAppDeliveryProtocolType: 'default',
      lastAppCount: 0,
    })
  })

  test('a tenant that is not registered is not correctly licensed', async () => {
    const other = '00000000-0000-4000-8000-0000000000aa'
    await service.addTenant(other)
    const client = await service.addClient(other, [
      'DeviceManagementServiceConfiguration.ReadWrite.All',
    ])
    const accessToken = await service.accessTokenOf(other, client.id, client.secret)
    const answered = await service.ask(
      'POST',
      `/beta/organization/${tenantId}/appleVolumePurchaseProgramTokens/{id}`,
      { accessToken, headers: { 'content-type': 'application/json' }, body: seedBody },
    )
    expect(answered.status).toBe(403)
    expect(answered.json.error.code).toBe('Forbidden')
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningService, runningService, tenantId } from '../running-service.ts'

const beta = '/beta/deviceAppManagement/vppTokens'

describe('the neighbours of the tokens', () => {
  let service: RunningService
  beforeAll(async () => {
    service = await runningService({ appleMode: 'off' })
    for (const expirationDateTime of [
      '2027-03-01T08:00:00Z',
      '2027-03-01T10:00:00+02:00',
      '2027-03-02T08:00:00Z',
    ])
      await service.ask('POST', beta, { body: { expirationDateTime } })
    await service.ask('POST', beta, { body: { displayName: 'expiry not known' } })
  })
  afterAll(() => service.close())

  const expiring = (parameter: string) =>
    service.ask(
      'GET',
      `/beta/deviceManagement/depOnboardingSettings/getExpiringVppTokenCount${parameter}`,
    )

  test('tokens that expire before a time are counted; those without a known expiry never expire', async () => {
    const counted = await expiring("(expiringBeforeDateTime='2027-03-01T08:00:00.0000001Z')")
    expect(counted.json).toEqual({
      '@odata.context': `${service.origin}/beta/$metadata#Edm.Int32`,
      value: 2,
    })
    expect((await expiring('(expiringBeforeDateTime=2027-03-01T08:00:00Z)')).json.value).toBe(0)
    expect((await expiring('(expiringBeforeDateTime=2028-01-01T00:00:00Z)')).json.value).toBe(3)
  })

  test('a time without an offset, or none at all, is refused by name', async () => {
    for (const parameter of ["(expiringBeforeDateTime='2027-03-01')", '', '()']) {
      const { status, json } = await expiring(parameter)
      expect([status, json.error.code]).toEqual([400, 'BadRequest'])
      expect(json.error.message).toContain('expiringBeforeDateTime')
    }
  })

  test.each(['v1.0', 'beta'])('the subscription of a tenant in %s', async (version) => {
    const { status, json } = await service.ask('GET', `/${version}/subscribedSkus`)
    expect([status, json]).toEqual([
      200,
      {
        '@odata.context': `${service.origin}/${version}/$metadata#subscribedSkus`,
        value: [
          {
            id: `${tenantId}_061f9ace-7d42-4136-88ac-31dc755f143f`,
            skuId: '061f9ace-7d42-4136-88ac-31dc755f143f',
            skuPartNumber: 'INTUNE_A',
            appliesTo: 'Company',
            capabilityStatus: 'Enabled',
            consumedUnits: 0,
            servicePlans: [
              {
                servicePlanId: 'c1ec4a95-1f05-45b3-a911-aa3fa01094f5',
                servicePlanName: 'INTUNE_A',
                provisioningStatus: 'Success',
                appliesTo: 'Company',
              },
            ],
          },
        ],
      },
    ])
  })

  test('the subscription is shown whole: an option that would choose among its rows is refused (G8)', async () => {
    const { status, json } = await service.ask('GET', "/v1.0/subscribedSkus?$filter=skuId eq 'x'")
    expect([status, json.error.message]).toEqual([400, expect.stringContaining('shown whole')])
    const selected = await service.ask('GET', '/v1.0/subscribedSkus?$select=capabilityStatus')
    expect(selected.json.value).toEqual([{ capabilityStatus: 'Enabled' }])
  })

  test('any access token of the tenant may see the subscription, in a suspended tenant too', async () => {
    const { id, secret } = await service.addClient(tenantId, [])
    const accessToken = await service.accessTokenOf(tenantId, id, secret)
    await service.suspend(tenantId)
    const { json } = await service.ask('GET', '/v1.0/subscribedSkus', { accessToken })
    expect(json.value[0].capabilityStatus).toBe('Suspended')
    const batched = await service.ask('POST', '/v1.0/$batch', {
      accessToken,
      body: {
        requests: [
          { id: '1', method: 'GET', url: '/subscribedSkus' },
          { id: '2', method: 'GET', url: '/deviceAppManagement/vppTokens' },
        ],
      },
    })
    expect(batched.json.responses.map(({ status }: { status: number }) => status)).toEqual([
      200, 403,
    ])
    await service.resume(tenantId)
  })

  test('fresh counts for all tokens: 204, and in mode off nothing changes (G6)', async () => {
    const before = await service.ask('GET', beta)
    const { status, text } = await service.ask('POST', `${beta}/syncLicenseCounts`)
    expect([status, text]).toEqual([204, ''])
    expect((await service.ask('GET', beta)).json).toEqual(before.json)
  })

  test('nobody owns an app yet: no summaries, no apps, no books', async () => {
    const summaries = await service.ask(
      'GET',
      `${beta}/getLicensesForApp(bundleId='test.pomona.x')`,
    )
    expect(summaries.json).toEqual({
      '@odata.context': `${service.origin}/beta/$metadata#Collection(microsoft.graph.vppTokenLicenseSummary)`,
      value: [],
    })
    for (const path of ['mobileApps', 'managedEBooks', 'mobileApps/graph.iosVppApp'])
      expect((await service.ask('GET', `/beta/deviceAppManagement/${path}`)).json.value).toEqual([])
    const missing = await service.ask('GET', `${beta}/getLicensesForApp()`)
    expect([missing.status, missing.json.error.message]).toEqual([
      400,
      expect.stringContaining("'bundleId'"),
    ])
  })

  test('apps and books are not written from here (H3)', async () => {
    for (const path of ['mobileApps', 'managedEBooks']) {
      const { status, headers } = await service.ask('POST', `/beta/deviceAppManagement/${path}`, {
        body: {},
      })
      expect([status, headers.allow]).toEqual([405, 'GET, HEAD, OPTIONS'])
    }
  })
})

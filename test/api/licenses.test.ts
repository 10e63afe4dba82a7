import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningService, runningService, tenantId } from '../running-service.ts'
import { addLargeApps, addLicenses, appId, tokenId } from './large-location.ts'

const licenses = `/beta/deviceAppManagement/mobileApps/${appId}/microsoft.graph.iosVppApp/assignedLicenses`

/** Ids worked out with another program's UUID of version 5. */
const ids = {
  firstDevice: '19dd6b63-de43-54f7-9d89-54fec6ab9610',
  lastDevice: '2940ebe8-9ba3-5012-8e2e-62e71c6f6798',
  user: '7b64c9a4-53a8-5e4a-a273-abb4a3f96b24',
}
const nobody = { userName: null, userEmailAddress: null, userPrincipalName: null }
const device = (id: string, deviceName: string) => ({
  '@odata.type': '#microsoft.graph.iosVppAppAssignedDeviceLicense',
  ...{ id, userId: null, ...nobody, managedDeviceId: null, deviceName },
})

describe('one licence among 2,502 of an app', () => {
  let service: RunningService
  beforeAll(async () => {
    service = await runningService({ appleMode: 'off' })
    await addLicenses(service.storage, 2_500)
  })
  afterAll(() => service.close())

  const get = async (path: string, headers: Record<string, string> = {}) => {
    const { status, headers: given, json } = await service.ask('GET', path, { headers })
    return { status, etag: String(given.etag), json }
  }

  test.each([
    [ids.firstDevice, device(ids.firstDevice, 'SER000000')],
    [ids.lastDevice, device(ids.lastDevice, 'SER002499')],
    [
      ids.user,
      {
        '@odata.type': '#microsoft.graph.iosVppAppAssignedUserLicense',
        ...{ id: ids.user, userId: 'u-0001', ...nobody, userEmailAddress: 'one@harbour.example' },
      },
    ],
  ])('%s is found by its id', async (id, shown) => {
    const { status, json } = await get(`${licenses}/${id}`)
    const { '@odata.context': context, ...members } = json
    expect([status, members]).toEqual([200, shown])
    expect(context).toMatch(/assignedLicenses\/\$entity$/)
    expect((await get(`${licenses}('${id.toUpperCase()}')`)).json.id).toBe(id)
  })

  test('is 404 when nobody holds it', async () => {
    const { status, json } = await get(`${licenses}/00000000-0000-5000-8000-000000000404`)
    expect([status, json.error.code]).toEqual([404, 'ResourceNotFound'])
  })

  test.each([
    ["$filter=id eq 'x'", '$filter'],
    ['$orderby=id', '$orderby'],
  ])('is no matter of %s, which says so', async (query, option) => {
    const { status, json } = await get(`${licenses}?${query}`)
    expect([status, json.error.message]).toEqual([
      400,
      `The property 'id' cannot be used in ${option}: it is worked out for each row, not stored. Choose among the rows that come back instead.`,
    ])
  })

  test('has an ETag that stays while it says the same, and changes with it (D13)', async () => {
    const path = `${licenses}/${ids.user}`
    const { etag } = await get(path)
    expect(etag).toMatch(/^W\/"[\w-]{22}"$/)
    expect((await get(`${path}?$select=userId`)).etag).toBe(etag)
    expect((await get(`${licenses}/${ids.firstDevice}`)).etag).not.toBe(etag)
    for (const known of [etag, etag.replace('W/', ''), `"1", ${etag}`, '*'])
      expect(await get(path, { 'if-none-match': known })).toEqual({
        ...{ status: 304, etag, json: undefined },
      })
    expect((await get(path, { 'if-none-match': 'W/"1"' })).status).toBe(200)
    const full = await get(path, { accept: 'application/json;odata.metadata=full' })
    expect(full.json['@odata.etag']).toBe(etag)

    await service.storage.forTenant(tenantId).transaction(async ({ users }) => {
      const [row] = await users.list(tokenId, 0, 1)
      if (row) await users.update(tokenId, [{ ...row, row: { ...row.row, email: null } }])
    })
    const changed = await get(path, { 'if-none-match': etag })
    expect([changed.status, changed.json.userEmailAddress]).toEqual([200, null])
    expect(changed.etag).not.toBe(etag)
  })
})

describe('a list of very large rows', () => {
  let service: RunningService
  beforeAll(async () => {
    service = await runningService({ appleMode: 'off' })
    await addLargeApps(service.storage, 230, 1)
  })
  afterAll(() => service.close())

  test('ends its pages early, and all of them together are the list', async () => {
    const found: string[] = []
    const sizes: number[] = []
    let path = '/beta/deviceAppManagement/mobileApps?$top=999&$count=true&$orderby=displayName'
    while (path !== '') {
      const { text, json } = await service.ask('GET', path)
      expect(text.length).toBeLessThan(4_300_000)
      expect(json['@odata.count']).toBe(230)
      sizes.push(json.value.length)
      found.push(...json.value.map(({ id }: { id: string }) => id))
      path = String(json['@odata.nextLink'] ?? '').replace(service.origin, '')
    }
    expect(new Set(found).size).toBe(230)
    expect(found).toHaveLength(230)
    expect(sizes.length).toBeGreaterThan(3)
  })

  test('in small parts is read on after its first hundred', async () => {
    const select = '$select=id&$orderby=id'
    const { json } = await service.ask(
      'GET',
      `/beta/deviceAppManagement/mobileApps?${select}&$top=201`,
    )
    const last = `00000000-0000-7000-8000-${String(1_200).padStart(12, '0')}`
    expect([json.value.length, json.value.at(-1).id]).toEqual([201, last])
    const rest = await service.ask('GET', json['@odata.nextLink'].replace(service.origin, ''))
    expect(rest.json.value).toHaveLength(29)
    expect(rest.json['@odata.nextLink']).toBeUndefined()
    const skipped = await service.ask(
      'GET',
      `/beta/deviceAppManagement/mobileApps?${select}&$skip=5&$top=999`,
    )
    expect(skipped.json.value).toHaveLength(225)
  })
})

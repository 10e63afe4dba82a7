import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDrive, testDrive } from '../test-drive.ts'

const uId = '7000000000000001'
const common = '"tokenExpirationDate":"2027-03-01T08:00:00+0000","uId":"7000000000000001"}'
let drive: TestDrive
let token: string

beforeAll(async () => {
  drive = await testDrive(['small'])
  token = await drive.tokenFile(uId)
  await drive.control('PATCH', '/worlds/main/settings', { pageSizes: { assets: 2 } })
})
afterAll(() => drive.stop())

const rows = [
  '{"adamId":"9000000001","pricingParam":"STDQ","productType":"App","totalCount":10,"availableCount":8,"assignedCount":2,"retiredCount":0,"deviceAssignable":true,"revocable":true,"supportedPlatforms":["iOS"]}',
  '{"adamId":"9000000002","pricingParam":"STDQ","productType":"App","totalCount":5,"availableCount":5,"assignedCount":0,"retiredCount":0,"deviceAssignable":true,"revocable":true,"supportedPlatforms":["macOS"]}',
  '{"adamId":"9000000003","pricingParam":"PLUS","productType":"Book","totalCount":4,"availableCount":2,"assignedCount":1,"retiredCount":1,"deviceAssignable":false,"revocable":false,"supportedPlatforms":["iOS"]}',
  '{"adamId":"9000000004","pricingParam":"STDQ","productType":"App","totalCount":2147483647,"availableCount":2147483646,"assignedCount":1,"retiredCount":0,"deviceAssignable":true,"revocable":true,"supportedPlatforms":["iOS","macOS"]}',
]
const assetsVersion = '"versionId":"a5000000-0000-4000-8000-000000000001",'

test.each([
  [
    'page 0 of the assets (2.4)',
    '/assets?pageIndex=0',
    `{"assets":[${rows[0]},${rows[1]}],"currentPageIndex":0,"nextPageIndex":1,"size":2,"totalPages":2,${assetsVersion}${common}`,
  ],
  [
    'the last page of the assets (2.4)',
    '/assets?pageIndex=1',
    `{"assets":[${rows[2]},${rows[3]}],"currentPageIndex":1,"size":2,"totalPages":2,${assetsVersion}${common}`,
  ],
  [
    'the unlimited assets (2.4)',
    '/assets?unlimited=true',
    `{"assets":[],"unlimitedAssets":[{"adamId":"9000000004","pricingParam":"STDQ","productType":"App","assignedCount":1,"deviceAssignable":true,"revocable":true,"supportedPlatforms":["iOS","macOS"]}],"currentPageIndex":0,"size":1,"totalPages":1,${assetsVersion}${common}`,
  ],
  [
    'the assignments (2.5)',
    '/assignments',
    `{"assignments":[{"adamId":"9000000001","pricingParam":"STDQ","serialNumber":"POMSER000001"},{"adamId":"9000000001","pricingParam":"STDQ","clientUserId":"u-0001"},{"adamId":"9000000003","pricingParam":"PLUS","clientUserId":"u-0001"},{"adamId":"9000000004","pricingParam":"STDQ","serialNumber":"POMSER000002"}],"currentPageIndex":0,"size":4,"totalPages":1,"versionId":"a6000000-0000-4000-8000-000000000001",${common}`,
  ],
  [
    'the users (2.6)',
    '/users',
    `{"users":[{"clientUserId":"u-0001","email":"u-0001@harbour.example","idHash":"bWFkZS11cC1oYXNoLTAwMDE=","status":"Associated"},{"clientUserId":"u-0002","email":"u-0002@harbour.example","status":"Retired"},{"clientUserId":"u-0003","email":"u-0003@harbour.example","inviteCode":"00000000000000000000000000000003","status":"Registered"}],"currentPageIndex":0,"size":3,"totalPages":1,"versionId":"a7000000-0000-4000-8000-000000000001",${common}`,
  ],
  [
    'client/config before anybody claimed the location (2.3)',
    '/client/config',
    `{"countryISO2ACode":"DE","defaultPlatform":"enterprisestore","locationName":"Kiel Depot","websiteURL":"https://business.apple.com","subscribedNotificationTypes":[],${common}`,
  ],
])('seed small answers with the bytes of the contract: %s', async (_, path, bytes) => {
  const { status, text, headers } = await drive.apple(path, token)
  expect({ status, text }).toEqual({ status: 200, text: bytes })
  expect(headers.get('content-type')).toBe('application/json')
})

test('service/config needs no token, lists the limits in force and points at this simulator (2.2)', async () => {
  const { status, json } = await drive.apple('/service/config')
  expect(status).toBe(200)
  expect(Object.keys(json)).toEqual(['errorCodes', 'limits', 'notificationTypes', 'urls'])
  expect(json.errorCodes.map((code: { errorNumber: number }) => code.errorNumber)).toEqual([
    9601,
    9602,
    9603,
    9609,
    9621,
    9625,
    9634,
    9646,
    9650,
    ...Array.from({ length: 29 }, (_, index) => 9700 + index),
  ])
  expect(json.limits).toEqual({
    maxAssets: 25,
    maxUsers: 100,
    maxClientUserIds: 1000,
    maxSerialNumbers: 1000,
    maxRevokeClientUserIds: 100,
    maxRevokeSerialNumbers: 100,
    maxNotificationLength: 512,
    maxMdmIdLength: 100,
    maxMdmNameLength: 100,
    maxMdmMetadataLength: 255,
    maxSubscriptions: 25,
    maxSubscriptionClientUserIds: 1000,
    maxRequestPerSecond: 15,
  })
  expect(Object.keys(json.urls)).toHaveLength(13)
  expect(json.urls.getAssets).toBe(`${drive.dataUrl}/assets`)
  expect(json.urls.invitationEmail).toContain('?inviteCode=%25inviteCode%25&mt=8')
})

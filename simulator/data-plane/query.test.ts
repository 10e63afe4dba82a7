import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type TestDrive, testDrive } from '../test-drive.ts'

const uId = '7000000000000040'
let drive: TestDrive
let token: string

beforeEach(async () => {
  drive = await testDrive(['books-unlimited'])
  token = await drive.tokenFile(uId)
})
afterEach(() => drive.stop())

async function assets(query: string): Promise<string[]> {
  const { json } = await drive.apple(`/assets?${query}`, token)
  return json.assets.map(
    (row: { adamId: string; pricingParam: string }) =>
      `${row.adamId.slice(-1)} ${row.pricingParam}`,
  )
}

const switchTo = (switches: object) => drive.control('PATCH', '/worlds/main/switches', switches)

describe('filters of assets (Apple contract 2.4)', () => {
  test.each([
    ['', ['1 PLUS', '1 STDQ', '2 STDQ', '3 STDQ', '4 STDQ', '5 STDQ']],
    ['adamId=9000040001', ['1 PLUS', '1 STDQ']],
    ['adamId=9000040001&pricingParam=PLUS', ['1 PLUS']],
    ['productType=Book', ['1 PLUS', '1 STDQ', '2 STDQ']],
    ['revocable=true', ['3 STDQ', '4 STDQ', '5 STDQ']],
    ['deviceAssignable=true', ['4 STDQ', '5 STDQ']],
    ['deviceAssignable=false', ['1 PLUS', '1 STDQ', '2 STDQ', '3 STDQ']],
    ['minAssignedCount=1', ['1 PLUS', '1 STDQ', '4 STDQ', '5 STDQ']],
    ['maxAvailableCount=5&minAvailableCount=4', ['1 STDQ']],
    ['unlimited=false', ['1 PLUS', '1 STDQ', '2 STDQ', '3 STDQ', '5 STDQ']],
    ['madeUp=1', ['1 PLUS', '1 STDQ', '2 STDQ', '3 STDQ', '4 STDQ', '5 STDQ']],
  ])('?%s', async (query, expected) => {
    expect(await assets(query)).toEqual(expected)
  })

  test.each(['pageIndex=one', 'revocable=yes', 'pricingParam=HIGH', 'minAssignedCount=1.5'])(
    '?%s is a type error: 9602',
    async (query) => {
      const { status, json } = await drive.apple(`/assets?${query}`, token)
      expect([status, json.errorNumber]).toEqual([400, 9602])
    },
  )

  test('a total of 2147483646 is a number, 2147483647 means unlimited', async () => {
    const { json } = await drive.apple('/assets', token)
    expect(json.assets.slice(-2).map((row: { totalCount: number }) => row.totalCount)).toEqual([
      2147483647, 2147483646,
    ])
  })
})

describe('switches of the queries (Apple contract 11.4)', () => {
  test('falseFilter ignore: false filters nothing', async () => {
    await switchTo({ falseFilter: 'ignore' })
    expect(await assets('deviceAssignable=false')).toHaveLength(6)
  })

  test('adamIdFilter commaList: several ids; by default such a text is one id that nobody owns', async () => {
    const query = 'adamId=9000040002,9000040003'
    expect(await assets(query)).toEqual([])
    await switchTo({ adamIdFilter: 'commaList' })
    expect(await assets(query)).toEqual(['2 STDQ', '3 STDQ'])
  })

  test('unknownQuery 9602: a query that is not documented is refused', async () => {
    await switchTo({ unknownQuery: 9602 })
    expect((await drive.apple('/assets?includeRetired=1', token)).json.errorNumber).toBe(9602)
    expect((await drive.apple('/assets?pageIndex=0', token)).json.errorNumber).toBe(undefined)
  })

  test.each([
    '/service/config',
    '/client/config',
    '/assignments',
    '/users',
    '/status',
    '/subscriptions',
  ])('unknownQuery 9602 holds for %s, too', async (path) => {
    await switchTo({ unknownQuery: 9602 })
    expect((await drive.apple(`${path}?managedAppleId=1`, token)).json.errorNumber).toBe(9602)
  })

  test('unknownQuery 9602 ends a write before its parts are looked at', async () => {
    await switchTo({ unknownQuery: 9602 })
    const { json } = await drive.apple('/assets/associate?dryRun=true', token, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    expect(json.errorNumber).toBe(9602)
  })

  test('unlimitedTrue both: the other assets are there too', async () => {
    await switchTo({ unlimitedTrue: 'both' })
    const { json } = await drive.apple('/assets?unlimited=true', token)
    expect([json.assets.length, json.unlimitedAssets.length, json.size]).toEqual([5, 1, 6])
  })

  test('unlimitedAvailable max: assigned licences do not count', async () => {
    await switchTo({ unlimitedAvailable: 'max' })
    const { json } = await drive.apple('/assets?adamId=9000040004', token)
    expect(json.assets[0]).toMatchObject({ availableCount: 2147483647, assignedCount: 1 })
  })

  test('emptyTotalPages 0: an empty list has no pages, and page 0 is still answered', async () => {
    await switchTo({ emptyTotalPages: 0 })
    const { json } = await drive.apple('/assets?adamId=1', token)
    expect([json.totalPages, json.size, json.currentPageIndex]).toEqual([0, 0, 0])
  })

  test('mdmInfoUnset null and tokenExpirationDate clientConfigOnly show in the common members', async () => {
    await switchTo({ mdmInfoUnset: 'null', tokenExpirationDate: 'clientConfigOnly' })
    const { json } = await drive.apple('/users', token)
    expect([json.mdmInfo, 'tokenExpirationDate' in json]).toEqual([null, false])
    const config = await drive.apple('/client/config', token)
    expect(config.json.tokenExpirationDate).toBe('2027-03-01T08:00:00+0000')
  })

  test('tokenExpirationDate last15Days: the date appears with the fifteenth day', async () => {
    await switchTo({ tokenExpirationDate: 'last15Days' })
    await drive.control('POST', '/worlds/main/clock', { set: '2027-02-14T07:59:59Z' })
    expect((await drive.apple('/users', token)).json).not.toHaveProperty('tokenExpirationDate')
    await drive.control('POST', '/worlds/main/clock', { advanceSeconds: 1 })
    expect((await drive.apple('/users', token)).json).toHaveProperty('tokenExpirationDate')
  })

  test('a switch or a value that does not exist is refused with the nearest name', async () => {
    expect(await switchTo({ falseFiler: 'ignore' })).toEqual({
      status: 400,
      json: { error: 'There is no switch "falseFiler". Perhaps you meant "falseFilter".' },
    })
    expect(await switchTo({ falseFilter: 'never' })).toEqual({
      status: 400,
      json: { error: '"falseFilter" has to be one of: equal, ignore.' },
    })
  })
})

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type TestDrive, testDrive } from '../test-drive.ts'

const uId = '7000000000000001'
const library = `/worlds/main/libraries/${uId}`
let drive: TestDrive
let token: string

beforeEach(async () => {
  drive = await testDrive(['small', 'states'])
  token = await drive.tokenFile(uId)
  await drive.control('PATCH', '/worlds/main/settings', {
    pageSizes: { assets: 2, assignments: 2, users: 2 },
  })
})
afterEach(() => drive.stop())

async function judge(assertion: object): Promise<{ ok: boolean; seqs: number[] }> {
  const { status, json } = await drive.control('POST', '/worlds/main/journal/assert', [assertion])
  expect(status).toBe(200)
  const [{ ok, seqs }] = json
  return { ok, seqs }
}

const holds = { ok: true, seqs: [] }
const brokenBy = (...seqs: number[]) => ({ ok: false, seqs })
const get = (path: string) => drive.apple(path, token)
const addFault = (fault: object) => drive.control('POST', '/worlds/main/faults', fault)
const post = (body: object): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})
const grow = (serialNumber: string) =>
  drive.control('POST', `${library}/assignments`, {
    assets: [{ adamId: '9000000002' }],
    serialNumbers: [serialNumber],
  })

describe('tokenVerbatim', () => {
  test('holds for files as they are, also of tokens that were revoked or forgotten', async () => {
    await get('/assets')
    await drive.control('POST', '/worlds/main/tokens/small-01/forget')
    await get('/assets')
    await drive.apple('/service/config')
    expect(await judge({ assert: 'tokenVerbatim' })).toEqual(holds)
  })

  test('breaks on the inner text, another wrapping, a foreign text, another form and no header', async () => {
    const decoded = JSON.parse(Buffer.from(token, 'base64').toString('utf8'))
    await get('/assets')
    await drive.apple('/assets', decoded.token)
    await drive.apple('/assets', Buffer.from(JSON.stringify(decoded, null, 1)).toString('base64'))
    await drive.apple('/assets', 'bm90aGluZw==')
    await drive.apple('/assets', undefined, { headers: { authorization: token } })
    await drive.apple('/assets')
    expect(await judge({ assert: 'tokenVerbatim' })).toEqual(brokenBy(2, 3, 4, 5, 6))
    const { entries } = (await drive.control('GET', '/worlds/main/journal')).json
    expect(entries.map((entry: { credential: string }) => entry.credential)).toEqual([
      'verbatim',
      'reencoded',
      'reencoded',
      'foreign',
      'reencoded',
      'none',
    ])
  })

  test('is not ok while nobody called', async () => {
    expect((await judge({ assert: 'tokenVerbatim' })).ok).toBe(false)
  })
})

describe('pace', () => {
  test('retryAfter: breaks on a call of that location before the named second, not on others', async () => {
    await addFault({ action: { status: 503, errorNumber: 9729, retryAfter: '7' } })
    await get('/users')
    await drive.apple('/users', await drive.tokenFile('7000000000000010'))
    drive.passMs(6000)
    await get('/assets')
    expect(await judge({ assert: 'retryAfter' })).toEqual(brokenBy(3))
    expect(await judge({ assert: 'retryAfter', cap: 6 })).toEqual(holds)
  })

  test('retryAfter: asks nothing of calls without a location', async () => {
    const match = { path: '/mdm/v2/service/config' }
    await addFault({ match, action: { status: 503, errorNumber: 9729, retryAfter: '7' } })
    await addFault({
      match: { path: '/mdm/v2/users' },
      action: { status: 503, errorNumber: 9729, retryAfter: '7' },
    })
    await drive.apple('/service/config')
    await drive.apple('/service/config')
    await get('/users')
    drive.passMs(7000)
    await get('/users')
    expect(await judge({ assert: 'retryAfter' })).toEqual(holds)
  })

  test('retryAfter: holds for the second that was named', async () => {
    await addFault({ action: { status: 503, retryAfter: '7' } })
    await get('/users')
    drive.passMs(6900)
    await get('/users')
    expect(await judge({ assert: 'retryAfter' })).toEqual(holds)
  })

  test('maxRate: breaks on the call that is one too many in a sliding second', async () => {
    for (let call = 0; call < 3; call += 1) await get('/users')
    drive.passMs(800)
    await get('/users')
    expect(await judge({ assert: 'maxRate', perSecond: 3 })).toEqual(holds)
    expect(await judge({ assert: 'maxRate', perSecond: 2 })).toEqual(brokenBy(3))
  })

  test('maxTries: counts equal failing requests in a row; success and five minutes begin anew', async () => {
    await addFault({ match: { path: '/mdm/v2/users' }, count: 4, action: { status: 500 } })
    for (let call = 0; call < 3; call += 1) await get('/users')
    drive.passMs(300_000)
    await get('/users')
    await get('/users')
    await get('/users')
    expect(await judge({ assert: 'maxTries', n: 3 })).toEqual(holds)
    expect(await judge({ assert: 'maxTries', n: 2 })).toEqual(brokenBy(3))
  })

  test('limitsFresh: breaks on calls without a look at service/config that young', async () => {
    await get('/users')
    await drive.apple('/service/config')
    await get('/users')
    drive.passMs(299_800)
    await get('/users')
    await get('/users')
    expect(await judge({ assert: 'limitsFresh' })).toEqual(brokenBy(1, 5))
  })

  test('maxParallel: one call after the other is one in flight', async () => {
    await get('/users')
    await get('/users')
    expect(await judge({ assert: 'maxParallel', n: 1 })).toEqual(holds)
  })

  test('the clock can be named: frozen virtual time sees all calls at once', async () => {
    await get('/users')
    drive.passMs(60_000)
    await get('/users')
    expect(await judge({ assert: 'maxRate', perSecond: 1 })).toEqual(holds)
    expect(await judge({ assert: 'maxRate', perSecond: 1, clock: 'virtual' })).toEqual(brokenBy(2))
  })
})

describe('walks', () => {
  const endpoint = 'assignments'

  test('pagedToEnd: breaks where the last page is missing', async () => {
    await get('/assignments')
    expect(await judge({ assert: 'pagedToEnd', endpoint })).toEqual(brokenBy(1))
    await get('/assignments?pageIndex=1')
    expect(await judge({ assert: 'pagedToEnd', endpoint })).toEqual(holds)
    expect((await judge({ assert: 'pagedToEnd', endpoint: 'users' })).ok).toBe(false)
  })

  test('pagedToEnd: the list grew on the way, so the walk has to go on', async () => {
    await get('/assignments')
    await grow('S1')
    await get('/assignments?pageIndex=1')
    expect(await judge({ assert: 'pagedToEnd', endpoint })).toEqual(brokenBy(2))
    await get('/assignments?pageIndex=2')
    expect(await judge({ assert: 'pagedToEnd', endpoint })).toEqual(holds)
  })

  test('pagedToEnd: the list shrank on the way, so 9650 is the end', async () => {
    await get('/assignments')
    await drive.control('DELETE', `${library}/assignments`, {
      assets: [{ adamId: '9000000001' }, { adamId: '9000000004' }],
      serialNumbers: ['POMSER000001', 'POMSER000002'],
    })
    expect((await get('/assignments?pageIndex=1')).json.errorNumber).toBe(9650)
    expect(await judge({ assert: 'pagedToEnd', endpoint })).toEqual(holds)
  })

  test('pagedToEnd: a page that arrived broken has to be fetched again', async () => {
    await addFault({ match: { query: { pageIndex: '1' } }, action: { truncateAt: 30 } })
    await get('/assignments')
    await get('/assignments?pageIndex=1')
    expect(await judge({ assert: 'pagedToEnd', endpoint })).toEqual(brokenBy(2))
    await get('/assignments?pageIndex=1')
    expect(await judge({ assert: 'pagedToEnd', endpoint })).toEqual(holds)
  })

  test('noRestart: breaks where a walk that went well began again before its end', async () => {
    await get('/assignments')
    await grow('S1')
    await get('/assignments?pageIndex=0')
    await get('/assignments?pageIndex=1')
    await get('/assignments?pageIndex=2')
    expect(await judge({ assert: 'noRestart', endpoint })).toEqual(brokenBy(2))
  })

  test('noRestart: a walk that failed, or came to its end, may begin again', async () => {
    await addFault({ match: { query: { pageIndex: '1' } }, action: { status: 500 } })
    for (let walk = 0; walk < 3; walk += 1) {
      await get('/assignments')
      await get('/assignments?pageIndex=1')
    }
    expect(await judge({ assert: 'noRestart', endpoint })).toEqual(holds)
  })

  test('usedSince: a delta goes on from the first page of the walk before, not from its last', async () => {
    const page0 = (await get('/assignments')).json
    await grow('S1')
    const page1 = (await get('/assignments?pageIndex=1')).json
    await get('/assignments?pageIndex=2')
    expect((await judge({ assert: 'usedSince', endpoint })).ok).toBe(false)
    await get(`/assignments?sinceVersionId=${page0.versionId}`)
    expect(await judge({ assert: 'usedSince', endpoint })).toEqual(holds)
    await drive.control('DELETE', '/worlds/main/journal')
    await get('/assignments')
    await get('/assignments?pageIndex=1')
    await get('/assignments?pageIndex=2')
    await get(`/assignments?sinceVersionId=${page0.versionId}`)
    expect(page0.versionId).not.toBe(page1.versionId)
    expect(await judge({ assert: 'usedSince', endpoint })).toEqual(brokenBy(8))
  })

  test('noAssetReread: an unmoved version is not read on, a moved one is', async () => {
    const walk = async () => {
      await get('/assets')
      await get('/assets?pageIndex=1')
    }
    await walk()
    expect((await judge({ assert: 'noAssetReread' })).ok).toBe(false)
    await get('/assets')
    expect(await judge({ assert: 'noAssetReread' })).toEqual(holds)
    await grow('S1')
    await walk()
    expect(await judge({ assert: 'noAssetReread' })).toEqual(holds)
    await walk()
    expect(await judge({ assert: 'noAssetReread' })).toEqual(brokenBy(7))
  })

  test('noAssetReread: one forced full read a day is fine', async () => {
    for (let day = 0; day < 2; day += 1) {
      await get('/assets')
      await get('/assets?pageIndex=1')
      drive.passMs(24 * 60 * 60 * 1000)
    }
    expect(await judge({ assert: 'noAssetReread' })).toEqual(holds)
  })
})

describe('conduct', () => {
  const mdmInfo = { id: 'i', name: 'n', metadata: 'm' }

  test('noWrites: breaks on every POST of that location', async () => {
    await get('/users')
    expect(await judge({ assert: 'noWrites', uId })).toEqual(holds)
    await drive.apple('/assets/associate', token, post({}))
    expect(await judge({ assert: 'noWrites', uId })).toEqual(brokenBy(2))
    expect(await judge({ assert: 'noWrites', uId: '7000000000000010' })).toEqual(holds)
  })

  test('claimVerified: a claim wants a look at client/config behind it', async () => {
    await get('/client/config')
    await drive.apple('/client/config', token, post({ mdmInfo }))
    expect(await judge({ assert: 'claimVerified', uId })).toEqual(brokenBy(2))
    await get('/client/config')
    expect(await judge({ assert: 'claimVerified', uId })).toEqual(holds)
  })

  test('requestCount and noRequests count what fits', async () => {
    await get('/users')
    await get('/users?pageIndex=1')
    const match = { path: '/mdm/v2/users' }
    expect(await judge({ assert: 'requestCount', match, n: 2 })).toEqual(holds)
    expect(await judge({ assert: 'requestCount', match, n: 1 })).toEqual(brokenBy(1, 2))
    expect(await judge({ assert: 'noRequests', match: { path: '/mdm/v2/assets*' } })).toEqual(holds)
    expect(await judge({ assert: 'noRequests' })).toEqual(brokenBy(1, 2))
  })

  test('order: the calls came one behind the other, whatever lay between', async () => {
    await get('/client/config')
    await get('/users')
    await get('/assets')
    const [config, assets] = [{ path: '/mdm/v2/client/config' }, { path: '/mdm/v2/assets' }]
    expect(await judge({ assert: 'order', matches: [config, assets] })).toEqual(holds)
    expect(await judge({ assert: 'order', matches: [assets, config] })).toEqual(brokenBy(3))
    expect(await judge({ assert: 'order', matches: [] })).toEqual(brokenBy())
  })

  test('noSecretInUrl: breaks on a token in the address, encoded or not, and does not write it down', async () => {
    await get('/users')
    await get(`/users?stoken=${encodeURIComponent(token)}`)
    await get(`/users?stoken=${token}`)
    expect(await judge({ assert: 'noSecretInUrl' })).toEqual(brokenBy(2, 3))
    const journal = JSON.stringify((await drive.control('GET', '/worlds/main/journal')).json)
    expect(journal).toContain('"stoken":"[secret]"')
    expect(journal).not.toContain(token)
  })

  test('a query that came twice is written down with both values (C18)', async () => {
    await get('/assignments?adamId=9000000001&pageIndex=0&adamId=9000000003')
    const { entries } = (await drive.control('GET', '/worlds/main/journal')).json
    expect(entries[0].query).toEqual({ adamId: ['9000000001', '9000000003'], pageIndex: '0' })
    const match = { query: { adamId: '9000000001' } }
    expect(await judge({ assert: 'requestCount', match, n: 1 })).toEqual(holds)
  })

  test('no call writes its token down, whatever form it came in', async () => {
    const inner = JSON.parse(Buffer.from(token, 'base64').toString('utf8')).token
    await get('/assets')
    await drive.apple('/assets', inner)
    await drive.apple(
      '/client/config',
      token,
      post({ mdmInfo: { id: token, name: inner, metadata: 'm' } }),
    )
    await drive.apple('/client/config', token, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"broken": "${token}"`,
    })
    const journal = JSON.stringify((await drive.control('GET', '/worlds/main/journal')).json)
    expect(journal).toContain('67139ef6')
    expect([journal.includes(token), journal.includes(inner)]).toEqual([false, false])
  })
})

test('an assertion or a member that does not exist is refused with the nearest name', async () => {
  const refuse = (body: unknown) => drive.control('POST', '/worlds/main/journal/assert', body)
  expect((await refuse([{ assert: 'maxRat', perSecond: 1 }])).json.error).toBe(
    'There is no assertion "maxRat". Perhaps you meant "maxRate".',
  )
  expect((await refuse([{ assert: 'maxRate', persecond: 1 }])).json.error).toBe(
    'element 0 of the body has no member "persecond". Perhaps you meant "perSecond".',
  )
  expect((await refuse([])).status).toBe(400)
})

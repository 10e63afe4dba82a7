import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type TestDrive, testDrive } from '../test-drive.ts'

const uId = '7000000000000001'
const tokensPath = `/worlds/main/libraries/${uId}/tokens`
let drive: TestDrive

beforeEach(async () => {
  drive = await testDrive(['small'])
})
afterEach(() => drive.stop())

const issue = async (body: object = {}) => (await drive.control('POST', tokensPath, body)).json
const list = async () => (await drive.control('GET', tokensPath)).json.tokens
const numberOf = async (file: string) => (await drive.apple('/assets', file)).json.errorNumber
const switchTo = (switches: object) => drive.control('PATCH', '/worlds/main/switches', switches)

describe('tokens (Apple contract 1.3, 11.5)', () => {
  test('a location lists its tokens with their files and what a manager is going to see', async () => {
    expect(await list()).toEqual([
      {
        tokenId: 'small-01',
        uId,
        account: 'a1@harbour.example',
        displayName: 'Kiel Depot',
        file: expect.stringMatching(/^eyJ0b2tlbiI6/),
        fingerprint: '67139ef6',
        state: 'valid',
        expiresAt: '2027-03-01T08:00:00Z',
        rights: 'full',
        managesSubscriptions: false,
        promisedState: 'valid',
        promisedReason: 'unclaimed',
      },
    ])
  })

  test.each([
    ['revoke', 9625, 'revoked', 'invalid', 'revokedByApple'],
    ['expire', 9621, 'expired', 'expired', 'expired'],
    ['forget', 9622, 'unknown', 'invalid', 'rejectedByApple'],
    ['legacy', 9647, 'legacy', 'invalid', 'legacyToken'],
  ])(
    '%s: answered with %i, until it is restored',
    async (call, number, state, promisedState, promisedReason) => {
      const file = await drive.tokenFile(uId)
      const { status, json } = await drive.control('POST', `/worlds/main/tokens/small-01/${call}`)
      expect(status).toBe(200)
      expect(json).toMatchObject({ state, promisedState, promisedReason })
      expect(await numberOf(file)).toBe(number)
      await drive.control('POST', '/worlds/main/tokens/small-01/restore')
      expect(await numberOf(file)).toBeUndefined()
    },
  )

  test('an issued token works, with the account, date, rights and layout asked for', async () => {
    const token = await issue({
      account: 'b1@harbour.example',
      expiresAt: '2027-01-01T00:00:00Z',
      rights: 'read-only',
      layout: 'indented',
    })
    expect(token).toMatchObject({
      tokenId: 'issued-1',
      account: 'b1@harbour.example',
      state: 'valid',
      expiresAt: '2027-01-01T00:00:00Z',
      rights: 'read-only',
    })
    const file = Buffer.from(token.file, 'base64').toString('utf8')
    expect(JSON.parse(file)).toMatchObject({
      expDate: '2026-12-31T17:00:00-0700',
      orgName: 'Harbour Cranes GmbH',
    })
    const { json } = await drive.apple('/assets', token.file)
    expect(json).toMatchObject({ uId, tokenExpirationDate: '2027-01-01T00:00:00+0000' })
  })

  test.each([
    ['sameAccount', 9625, undefined],
    ['sameLocation', 9625, 9625],
    ['never', undefined, undefined],
  ])('newDownloadRevokes %s', async (newDownloadRevokes, sameAccount, otherAccount) => {
    const other = await issue({ account: 'b1@harbour.example' })
    await switchTo({ newDownloadRevokes })
    await issue({ account: 'a1@harbour.example' })
    expect(await numberOf(await drive.tokenFile(uId))).toBe(sameAccount)
    expect(await numberOf(other.file)).toBe(otherAccount)
  })

  test.each(['password-changed', 'left'])(
    '%s kills the tokens of the account, with the number by switch',
    async (event) => {
      const file = await drive.tokenFile(uId)
      await drive.control('POST', `/worlds/main/accounts/a1%40harbour.example/${event}`)
      expect(await numberOf(file)).toBe(9625)
      await switchTo({ deadAccountError: 9601 })
      expect(await numberOf(file)).toBe(9601)
      expect((await list())[0]).toMatchObject({
        state: 'deadAccount',
        promisedReason: 'loginRequired',
      })
    },
  )

  test('the world clock brings the end of a token to the second', async () => {
    const file = await drive.tokenFile(uId)
    await drive.control('POST', '/worlds/main/clock', { set: '2027-03-01T07:59:59Z' })
    expect(await numberOf(file)).toBeUndefined()
    const { json } = await drive.control('POST', '/worlds/main/clock', { advanceSeconds: 1 })
    expect(json).toEqual({ now: '2027-03-01T08:00:00.000Z', mode: 'frozen' })
    expect(await numberOf(file)).toBe(9621)
  })

  test('invalidTokenStatus and badHeaderStatus set the status of 9622 and 9722', async () => {
    await switchTo({ invalidTokenStatus: 401, badHeaderStatus: 200 })
    expect((await drive.apple('/assets', 'bm90aGluZw==')).status).toBe(401)
    const bad = await drive.apple('/assets', undefined, { headers: { authorization: 'Basic x' } })
    expect([bad.status, bad.json.errorNumber]).toEqual([200, 9722])
  })
})

describe('the seeds and what they promise', () => {
  test('each token has an id, a name and a promise, and no id comes twice', async () => {
    const { seeds } = (await drive.control('GET', '/seeds')).json
    type Token = { tokenId: string; promisedState: string; promisedReason: string }
    const tokens: Token[] = seeds.flatMap((seed: { libraries: { tokens: Token[] }[] }) =>
      seed.libraries.flatMap((library) => library.tokens),
    )
    expect(new Set(tokens.map((token) => token.tokenId)).size).toBe(tokens.length)
    const promises = tokens.map((t) => `${t.tokenId} ${t.promisedState}/${t.promisedReason}`)
    expect(promises.slice(0, 13)).toEqual([
      'small-01 valid/unclaimed',
      'states-10 valid/unclaimed',
      'states-11 valid/unclaimed',
      'states-12 valid/unclaimed',
      'states-13 expired/expired',
      'states-14 invalid/revokedByApple',
      'states-15 invalid/rejectedByApple',
      'states-16 invalid/legacyToken',
      'states-17 valid/unclaimed',
      'external-20 assignedToExternalMDM/heldByOtherMdm',
      'external-21 valid/unclaimed',
      'duplicate-30a valid/unclaimed',
      'duplicate-30b duplicateLocationId/duplicateLocation',
    ])
  })

  test('all dates move with at: what holds today holds in ten years', async () => {
    await drive.stop()
    drive = await testDrive(['small', 'states'], { at: '2036-05-06T07:08:09Z' })
    const expiry = async (location: string) =>
      (await drive.control('GET', `/worlds/main/libraries/${location}/tokens`)).json.tokens[0]
        .expiresAt
    expect(await expiry(uId)).toBe('2036-08-04T06:08:09Z')
    expect(await expiry('7000000000000012')).toBe('2036-05-06T19:08:09Z')
    expect(await expiry('7000000000000013')).toBe('2036-05-05T07:08:09Z')
    expect(await numberOf(await drive.tokenFile('7000000000000012'))).toBeUndefined()
    expect(await numberOf(await drive.tokenFile('7000000000000013'))).toBe(9621)
  })

  test('every seed keeps the licence arithmetic, and its assignments name assets it owns', async () => {
    await drive.control('POST', '/worlds/main/reset', {
      seed: [
        'small',
        'states',
        'external-mdm',
        'duplicate-location',
        'books-unlimited',
        'shortage',
        'education',
        'paged',
      ],
    })
    const { libraries } = (await drive.control('GET', '/worlds/main/libraries')).json
    expect(libraries).toHaveLength(16)
    for (const library of libraries) {
      const { json } = await drive.control('GET', `/worlds/main/libraries/${library.uId}/truth`)
      let assigned = 0
      for (const asset of json.assets) {
        assigned += asset.assignedCount
        expect(asset.availableCount).toBeGreaterThanOrEqual(0)
        expect(asset.availableCount + asset.assignedCount + asset.retiredCount).toBe(
          asset.totalCount,
        )
      }
      expect(assigned).toBe(json.assignmentCount)
    }
  })
})

/** `POST /pomona/v1/checkToken`: what an upload would come to, before anything is stored (Apple 1.5). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningService, runningService } from '../running-service.ts'
import { type AppleSide, appleSide, type SimulatedToken } from './apple-side.ts'
import { addSynced } from './stored-truth.ts'

const kiel = '7000000000000001'

describe('a content token that is checked', () => {
  let apple: AppleSide
  let service: RunningService
  let kielId = ''
  let twin: SimulatedToken
  beforeAll(async () => {
    apple = await appleSide(['small', 'states', 'external-mdm'])
    await apple.control('PATCH', '/settings', { limits: { maxRequestPerSecond: 100_000 } })
    service = await runningService({ appleMode: 'simulated', appleUrl: apple.dataUrl })
    kielId = await addSynced(service, await fileOf(kiel))
    twin = await apple.issueToken(kiel, 'b1@harbour.example')
  })
  afterAll(async () => {
    await service.close()
    await apple.close()
  })

  const fileOf = async (uId: string) => (await apple.tokensOf(uId))[0]?.file ?? ''
  const check = async (body: object) =>
    (await service.ask('POST', '/pomona/v1/checkToken', { body })).json

  test.each([
    ['nothing', '', false, 'F01', /^The file is empty\./],
    ['no base64', 'Token value', false, 'F03', /^This is not a content token/],
  ])('with %s is told without Apple', async (_, token, ok, failureClass, message) => {
    expect(await check({ token })).toEqual({
      ok,
      class: failureClass,
      message: expect.stringMatching(message),
      organizationName: null,
      fingerprint: null,
      location: null,
      expirationDateTime: null,
    })
  })

  test.each([
    ['expired', '13', 'F07', /^This content token expired on \d{4}-\d\d-\d\d UTC\./],
    ['revoked', '14', 'F09', /^Apple has revoked this content token \(9625\)\./],
    ['unknown', '15', 'F08', /^Apple does not recognise this content token \(9622\)\./],
    ['legacy', '16', 'F11', /^This is an old user-based token \(9647\)\./],
  ])('and is %s is refused in words', async (_, number, failureClass, message) => {
    expect(await check({ token: await fileOf(`70000000000000${number}`) })).toMatchObject({
      ok: false,
      class: failureClass,
      message: expect.stringMatching(message),
    })
  })

  test('and is good says what it would serve', async () => {
    expect(await check({ token: await fileOf('7000000000000010') })).toMatchObject({
      ok: true,
      class: null,
      message: null,
      organizationName: 'Harbour Cranes GmbH',
      location: { id: '7000000000000010', name: 'Hamburg Terminal' },
      expirationDateTime: expect.stringMatching(/Z$/),
    })
  })

  test('and is stored already is named', async () => {
    expect(await check({ token: await fileOf(kiel) })).toMatchObject({
      ok: false,
      class: 'F12',
      message: 'This exact content token is already stored as "Kiel".',
    })
  })

  test('for a location that is stored already is refused as an addition, not as its renewal', async () => {
    expect(await check({ token: twin.file })).toMatchObject({
      ok: false,
      class: 'F13',
      message:
        'Location "Kiel Depot" is already stored as "Kiel". To replace its token choose Renew on "Kiel".',
    })
    expect(await check({ token: twin.file, renews: kielId })).toMatchObject({
      ok: true,
      class: null,
    })
  })

  test('for another location than the one it is to renew is refused', async () => {
    const other = await fileOf('7000000000000010')
    expect(await check({ token: other, renews: kielId })).toMatchObject({
      ok: false,
      class: 'F14',
      message: expect.stringContaining('Nothing was changed.'),
    })
  })

  test('for a location that another server manages may be stored, and says whose it is', async () => {
    expect(await check({ token: await fileOf('7000000000000020') })).toMatchObject({
      ok: true,
      class: 'F16',
      message: expect.stringContaining('is managed by "Old MDM"'),
    })
  })

  test('is not stored by that', async () => {
    const { json } = await service.ask('GET', '/pomona/v1/tokens')
    expect(json.value.map(({ id }: { id: string }) => id)).toEqual([kielId])
  })

  test.each([
    ['without a token', {}],
    ['with a number for it', { token: 5 }],
    ['to renew what is no id', { token: 'x', renews: 'abc' }],
  ])('%s is a bad request', async (_, body) => {
    expect((await service.ask('POST', '/pomona/v1/checkToken', { body })).status).toBe(400)
  })
})

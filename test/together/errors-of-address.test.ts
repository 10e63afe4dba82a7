/** An address at which somebody answers, but not Apple's service: what an administrator is told, before and after storing a token. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAppleVpp } from '../../src/apple/apple-vpp.ts'
import { checkToken } from '../../src/domain/tokens/check-token.ts'
import { firstTenantId, type TurnedWorld, turnedWorld } from './turned-world.ts'

const uId = '7000000000000001'
let world: TurnedWorld
let file = ''
beforeAll(async () => {
  world = await turnedWorld(['small'])
  file = (await world.apple.tokensOf(uId))[0]?.file ?? ''
})
afterAll(() => world.close())

const rightAddress = () => world.apple.dataUrl
const hostOf = (url: string) => new URL(url).host
const nothingThere = (url: string) =>
  `HTTP 404 from ${hostOf(url)}: it answers, but not as Apple's service does`

test.each([
  ['the path is missing', '', '; the address must end in /mdm/v2'],
  ['the path ends too early', '/mdm', '; the address must end in /mdm/v2'],
  ['the path goes on', '/mdm/v2/assets', '; the address must end in /mdm/v2'],
  ['the world is unknown', '/worlds/nowhere/mdm/v2', ''],
])('where %s, the token says so, and says it of a token that is checked', async (_, path, hint) => {
  const baseUrl = rightAddress().replace('/mdm/v2', path)
  const told = `${nothingThere(baseUrl)}${hint}`

  const id = await world.addToken(file)
  expect(await world.run({ baseUrl })).toBe('failed')
  const { record } = await world.token(id)
  expect(record).toMatchObject({ state: 'unknown', stateReason: 'appleUnavailable' })
  expect(record.stateMessage).toMatch(
    /^Apple's service gave no usable answer \(.*\)\. Next attempt 2/,
  )
  expect(record.stateMessage).toContain(`(${told}). Next attempt`)
  const { refusals } = await world.lastRun(id)
  expect(refusals.map(({ text, times }) => `${times} ${text}`)).toEqual([
    '1 service/config: HTTP 404',
    `5 ${told}`,
  ])
  expect(JSON.stringify([record.stateMessage, refusals])).not.toContain(file.slice(0, 20))
  await world.removeToken(id)

  const apple = createAppleVpp({ ...world.appleSettings, baseUrl })
  const actor = { tenantId: firstTenantId, name: 'client' }
  expect(await checkToken({ ...world.deps, apple }, actor, { token: file })).toMatchObject({
    ...{ isAcceptable: true, class: 'F18', location: null },
    message: `Apple's service could not be reached (${told}). The token can be stored and will be checked again.`,
  })
})

test('an address with a slash at its end is the right one', async () => {
  const id = await world.addToken(file)
  expect(await world.run({ baseUrl: `${rightAddress()}/` })).toBe('completed')
  await world.removeToken(id)
})

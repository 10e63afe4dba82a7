import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type TestDrive, testDrive } from '../test-drive.ts'
import { outcomeOf, writesOf } from '../test-writes.ts'

const uId = '7000000000000001'
const app = { adamId: '9000000001', pricingParam: 'STDQ' }
let drive: TestDrive
let apple: ReturnType<typeof writesOf>

beforeEach(async () => {
  drive = await testDrive(['small', 'books-unlimited', 'shortage'])
  apple = writesOf(drive, await drive.tokenFile(uId), uId)
})
afterEach(() => drive.stop())

describe('status (Apple contract 2.8)', () => {
  test('without an id 9602, for an unknown one and for another location 9708', async () => {
    const { json } = await apple.post('/assets/revoke', { serialNumbers: ['S'] })
    const other = writesOf(drive, await drive.tokenFile('7000000000000050'), '7000000000000050')
    expect(outcomeOf(await drive.apple('/status', await drive.tokenFile(uId)))).toEqual([400, 9602])
    expect((await apple.status('nothing')).errorNumber).toBe(9708)
    expect((await other.status(json.eventId)).errorNumber).toBe(9708)
  })

  test('the other token of the location may ask too', async () => {
    const { json } = await apple.post('/assets/revoke', { serialNumbers: ['S'] })
    const { file } = await apple.control('POST', `/libraries/${uId}/tokens`, {
      account: 'b@harbour.example',
    })
    expect((await drive.apple(`/status?eventId=${json.eventId}`, file)).json.eventStatus).toBe(
      'PENDING',
    )
  })

  test('an event is kept for seven days after its end, or as long as the switch says', async () => {
    const { json } = await apple.post('/assets/revoke', { serialNumbers: ['S'] })
    const week = 7 * 24 * 60 * 60
    await apple.advance(2 + week - 1)
    expect((await apple.status(json.eventId)).eventStatus).toBe('COMPLETE')
    await apple.switchTo({ eventRetention: 6 })
    expect((await apple.status(json.eventId)).errorNumber).toBe(9708)
    await apple.switchTo({ eventRetention: 7 })
    await apple.advance(1)
    expect((await apple.status(json.eventId)).errorNumber).toBe(9708)
  })

  test('the delay is a setting; none means that the next look finds it done', async () => {
    await apple.control('PATCH', '/settings', { eventDelaySeconds: 0 })
    const { json } = await apple.post('/assets/associate', {
      assets: [app],
      serialNumbers: ['S1'],
    })
    expect((await apple.status(json.eventId)).eventStatus).toBe('COMPLETE')
  })

  test('in a running world the time of the event passes by itself', async () => {
    await apple.control('POST', '/clock', { mode: 'running' })
    const { json } = await apple.post('/assets/associate', {
      assets: [app],
      serialNumbers: ['S1'],
    })
    expect((await apple.status(json.eventId)).eventStatus).toBe('PENDING')
    drive.passMs(2000)
    expect((await apple.status(json.eventId)).eventStatus).toBe('COMPLETE')
  })
})

test('the same calls at the same times give the same bytes, events and invitations too', async () => {
  const play = async (rngSeed: number) => {
    const name = `world-${rngSeed}`
    await drive.control('POST', '/worlds', { name, seed: 'small', rngSeed, clock: 'frozen' })
    const token = await drive.tokenFile(uId)
    const base = drive.dataUrl.replace('/mdm/v2', `/worlds/${name}/mdm/v2`)
    const post = async (path: string, body: unknown) => {
      const response = await fetch(base + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify(body),
      })
      return response.text()
    }
    const answers = [
      await post('/assets/associate', { assets: [app], serialNumbers: ['S1', 'S2'] }),
      await post('/users/create', { users: [{ clientUserId: 'u-9', email: 'u9@a.example' }] }),
    ]
    await drive.control('POST', `/worlds/${name}/clock`, { advanceSeconds: 2 })
    const { json } = await drive.control('GET', `/worlds/${name}/libraries/${uId}/truth`)
    await drive.control('DELETE', `/worlds/${name}`)
    return JSON.stringify([answers, json])
  }
  const first = await play(1)
  expect(await play(1)).toBe(first)
  const other = await play(2)
  expect(first).toContain('e0000000-0000-4000-8000-000000000001')
  expect(other).toContain('e0000001-0000-4000-8000-000000000001')
})

import { describe, expect, it } from 'vitest'
import {
  common,
  credential,
  goodConfig,
  open,
  start,
  troubleOf,
} from '../../test/apple-conversation.ts'

const configPath = '/mdm/v2/client/config'

describe('a pause that Apple asks for', () => {
  it('is stored for the key of the location, and honoured by a client that starts later', async () => {
    const stored = new Map<string, number>()
    const pauses = {
      pause: async (key: string, forMs: number) => {
        stored.set(key, start.getTime() + forMs)
      },
      pausedForMs: async (key: string) => Math.max(0, (stored.get(key) ?? 0) - start.getTime()),
    }
    const first = await open({ pauses })
    first.conversation.expectLocation(common.uId)
    first.server.script(configPath, {
      ...{ status: 503, json: { errorNumber: 9729 }, headers: { 'retry-after': '600' } },
    })
    await troubleOf(first.conversation.readConfig())
    expect([...stored]).toEqual([[common.uId, start.getTime() + 600_000]])

    const later = await open({ pauses })
    later.server.script(configPath, goodConfig)
    const paused = later.vpp.converse(credential, common.uId)
    expect((await troubleOf(paused.readConfig())).finding.notBefore).toBe(
      '2026-12-01T09:10:00.0000000Z',
    )
    expect(later.server.of(configPath)).toEqual([])
    await expect(later.conversation.readConfig()).resolves.toMatchObject({ uId: common.uId })
  })
})

import { describe, expect, it } from 'vitest'
import { collect, common, open, troubleOf } from '../../test/apple-conversation.ts'
import type { LicenseWrite } from '../model/apple-write.ts'

const configPath = '/mdm/v2/client/config'
const revokePath = '/mdm/v2/assets/revoke'
const statusPath = '/mdm/v2/status'
const eventId = 'e0000000-0000-4000-8000-000000000001'
const revoke: LicenseWrite = {
  kind: 'revoke',
  targetKind: 'serialNumber',
  targets: ['POMSER000001'],
}

describe('who manages the location (Apple 7)', () => {
  it('is watched in every good answer', async () => {
    const { server, conversation } = await open()
    const page = (mdmInfo?: object | null) => ({
      json: { ...common, users: [], versionId: 'v', ...(mdmInfo !== undefined && { mdmInfo }) },
    })
    const config = (id: string) => ({ json: { ...common, mdmInfo: { id } } })
    server.script(
      '/mdm/v2/users',
      page({ id: 'ours', name: 'P', metadata: '' }),
      page(null),
      page(),
    )
    server.script(configPath, config('ours'))
    server.script(revokePath, { json: { ...common, eventId, mdmInfo: { id: 'other' } } })
    server.script(statusPath, {
      json: { ...common, eventStatus: 'PENDING', mdmInfo: { id: 'a third' } },
    })
    expect(conversation.log.mdmIds).toEqual([])
    await conversation.readConfig()
    await collect(conversation.walkUsers())
    expect(conversation.log.mdmIds).toEqual(['ours'])
    await conversation.send(revoke)
    expect(conversation.log.mdmIds).toEqual(['ours', 'other'])
    await collect(conversation.walkUsers())
    await collect(conversation.walkUsers())
    await conversation.readEvent(eventId)
    server.script(configPath, config('a fourth'))
    await conversation.configure({})
    expect(conversation.log.mdmIds).toEqual(['ours', 'other', null, 'a third', 'a fourth'])
  })

  it('is not taken from a refusal, nor remembered without bound', async () => {
    const { server, conversation } = await open()
    server.script(statusPath, {
      json: { errorNumber: 9708, mdmInfo: { id: 'other' } },
    })
    await troubleOf(conversation.readEvent(eventId))
    expect(conversation.log.mdmIds).toEqual([])
    let number = 0
    server.script(configPath, () => {
      number += 1
      return { json: { ...common, mdmInfo: { id: `mdm ${number}` } } }
    })
    for (let reads = 0; reads < 30; reads += 1) await conversation.readConfig()
    expect(conversation.log.mdmIds).toHaveLength(20)
  })
})

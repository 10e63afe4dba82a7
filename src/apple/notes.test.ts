import { describe, expect, it } from 'vitest'
import { collect, common, open, troubleOf } from '../../test/apple-conversation.ts'
import type { LicenseWrite } from '../model/apple-write.ts'
import { createNotes } from './notes.ts'

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
    await conversation.readEvent(eventId)
    server.script(configPath, config('a fourth'))
    await conversation.configure({})
    expect(conversation.log.mdmIds).toEqual(['ours', 'other', null, 'a third', 'a fourth'])
  })

  it('is news again when one comes back that was seen before', async () => {
    const { server, conversation } = await open()
    const ids = ['other', 'ours', 'ours', 'other', 'ours']
    server.script(configPath, ...ids.map((id) => ({ json: { ...common, mdmInfo: { id } } })))
    for (const _ of ids) await conversation.readConfig()
    expect(conversation.log.mdmIds).toEqual(['other', 'ours', 'other', 'ours'])
  })

  it('is not taken from a refusal, nor remembered without bound', async () => {
    const { server, conversation } = await open()
    server.script(statusPath, {
      json: { errorNumber: 9708, mdmInfo: { id: 'other' } },
    })
    await troubleOf(conversation.readEvent(eventId))
    expect(conversation.log.mdmIds).toEqual([])
    const notes = createNotes()
    for (let reads = 0; reads < 2_000; reads += 1) notes.watchMdm({ mdmInfo: { id: `${reads}` } })
    expect(notes.log.mdmIds).toHaveLength(1_000)
  })
})

import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { common, credential, goodConfig, open, troubleOf } from '../../test/apple-conversation.ts'
import type { ScriptedAnswer } from '../../test/scripted-server.ts'
import type { ConfigChange } from '../model/apple-write.ts'

const configPath = '/mdm/v2/client/config'

describe('client/config, changed (Apple 2.3)', () => {
  const token = 'made-up/secret+01'
  const change: ConfigChange = {
    mdm: { id: 'id-1', name: 'Pomona at harbour.example', metadata: 'pomona' },
    notifications: {
      url: 'https://pomona.harbour.example/apple/notify/n-01',
      token,
      types: ['ASSET_COUNT', 'USER_MANAGEMENT'],
    },
  }
  const shown = {
    ...common,
    mdmInfo: change.mdm,
    notificationUrl: change.notifications?.url,
    notificationAuthToken: token,
    subscribedNotificationTypes: ['USER_MANAGEMENT', 'ASSET_COUNT'],
  }

  it.each<[ConfigChange, object]>([
    [
      { mdm: { id: 'a', name: 'b', metadata: 'c' } },
      { mdmInfo: { id: 'a', name: 'b', metadata: 'c' } },
    ],
    [
      { ...(change.notifications && { notifications: change.notifications }) },
      {
        notificationUrl: 'https://pomona.harbour.example/apple/notify/n-01',
        notificationAuthToken: token,
        notificationTypes: ['ASSET_COUNT', 'USER_MANAGEMENT'],
      },
    ],
  ])('sends what is to change and leaves the rest out', async (asked, body) => {
    const { server, conversation } = await open()
    server.script(configPath, goodConfig)
    expect(await conversation.configure(asked)).toMatchObject({ uId: common.uId })
    expect(server.requests[1]).toMatchObject({ method: 'POST', path: configPath })
    expect(JSON.parse(server.requests[1]?.body ?? '')).toEqual(body)
  })

  it('is content with an answer that says little', async () => {
    const { server, conversation } = await open()
    server.script(configPath, { json: { uId: common.uId, mdmInfo: { id: 'id-1' } } })
    expect(await conversation.configure(change)).toEqual({
      ...{ uId: common.uId, locationName: null, country: null, accountType: null },
      ...{ tokenExpiration: null, mdm: { id: 'id-1', name: null, metadata: null } },
    })
  })

  it.each([
    ['mdmInfo.id', { mdm: { id: 'x'.repeat(101), name: '', metadata: '' } }, 'clientDefect'],
    ['mdmInfo.name', { mdm: { id: '', name: 'x'.repeat(101), metadata: '' } }, 'clientDefect'],
    ['mdmInfo.metadata', { mdm: { id: '', name: '', metadata: 'x'.repeat(256) } }, 'clientDefect'],
    [
      'notificationUrl',
      { notifications: { url: 'x'.repeat(513), token, types: [] } },
      'notificationsOff',
    ],
    [
      'notificationAuthToken',
      { notifications: { url: '', token: 'x'.repeat(513), types: [] } },
      'clientDefect',
    ],
  ])('with too long a %s is refused without asking Apple', async (name, asked, reason) => {
    const { server, conversation } = await open()
    const { finding } = await troubleOf(conversation.configure(asked))
    expect(finding).toMatchObject({ reason, isDefinite: false })
    expect(finding.detail).toMatch(
      new RegExp(`^${name} of \\d+ characters, where Apple allows \\d+$`),
    )
    expect(server.of(configPath)).toEqual([])
  })

  it('whose answer is lost is sent once and says so', async () => {
    const { server, conversation } = await open()
    server.script(configPath, { cut: 'beforeHeaders' })
    const { finding } = await troubleOf(conversation.configure(change))
    expect(finding).toMatchObject({ reason: 'appleUnavailable', isAnswerLost: true })
    expect(server.of(configPath)).toHaveLength(1)
  })

  it.each([
    ['as asked for', {}, true],
    [
      'with TEST_NOTIFICATION beside',
      { subscribedNotificationTypes: [...shown.subscribedNotificationTypes, 'TEST_NOTIFICATION'] },
      true,
    ],
    ['with another manager', { mdmInfo: { ...change.mdm, id: 'other' } }, false],
    ['with another name', { mdmInfo: { ...change.mdm, name: 'other' } }, false],
    ['with other metadata', { mdmInfo: { ...change.mdm, metadata: 'other' } }, false],
    ['without a manager', { mdmInfo: null }, false],
    ['with another address', { notificationUrl: 'https://other.example' }, false],
    ['with another secret', { notificationAuthToken: 'other' }, false],
    ['with one type less', { subscribedNotificationTypes: ['ASSET_COUNT'] }, false],
    [
      'with one type more',
      { subscribedNotificationTypes: [...shown.subscribedNotificationTypes, 'ASSET_MANAGEMENT'] },
      false,
    ],
    ['without types', { subscribedNotificationTypes: null }, false],
  ])('is read back: %s', async (_, difference, expected) => {
    const { server, conversation } = await open()
    server.script(configPath, { json: { ...shown, ...difference } })
    expect(await conversation.isConfigured(change)).toBe(expected)
    expect(server.of(configPath).map(({ method }) => method)).toEqual(['GET'])
  })

  it('is compared only in what the change names', async () => {
    const { server, conversation } = await open()
    server.script(configPath, { json: { ...common, mdmInfo: change.mdm } })
    const { mdm, notifications } = change
    expect(await conversation.isConfigured({ ...(mdm && { mdm }) })).toBe(true)
    expect(await conversation.isConfigured({ ...(notifications && { notifications }) })).toBe(false)
  })

  it.each<[string, ScriptedAnswer]>([
    ['a refusal', { status: 400, json: { errorNumber: 9728, errorMessage: `No: ${token}` } }],
    ['a defect', { status: 400, json: { errorNumber: 9602, errorMessage: `No: ${token}` } }],
    [
      'a refusal that spells it otherwise',
      {
        status: 400,
        body: `{"errorNumber":9728,"errorMessage":"${token.replace('m', '\\u006d')}"}`,
      },
    ],
    ['a strange shape', { json: { ...shown, uId: [token] } }],
    ['a field of that name', { json: { [token]: 1, uId: [] } }],
    ['HTML', { status: 500, body: token }],
    ['a redirect', { status: 307, headers: { location: `/?${token}` }, body: '' }],
    ['a cut body', { json: shown, cut: 'midBody' }],
  ])('keeps its secret out of every error, observation and log: %s', async (_, answer) => {
    const { server, observed, conversation } = await open()
    server.script(configPath, answer)
    const trouble = await troubleOf(conversation.configure(change))
    const seen = `${inspect([trouble, observed, conversation.log], { depth: 20, showHidden: true, getters: true })} ${JSON.stringify(trouble)}`
    expect(seen).not.toContain(token)
    expect(seen).not.toContain(credential)
  })

  it('keeps its secret out of what a good answer leaves behind', async () => {
    const { server, observed, conversation } = await open()
    server.script(configPath, { json: { ...shown, [token]: 1 } })
    const config = await conversation.configure(change)
    expect(
      inspect([config, observed, conversation.log], { depth: 20, getters: true }),
    ).not.toContain(token)
    expect(conversation.log.unknownFields).toEqual(['clientConfig.[secret]'])
  })
})

import { describe, expect, it } from 'vitest'
import { common, credential, open, troubleOf } from '../../test/apple-conversation.ts'
import type { LicenseWrite } from '../model/apple-write.ts'

const servicePath = '/mdm/v2/service/config'
const revokePath = '/mdm/v2/assets/revoke'
const eventId = 'e0000000-0000-4000-8000-000000000001'
const accepted = { json: { ...common, eventId } }
const revoke: LicenseWrite = {
  kind: 'revoke',
  targetKind: 'serialNumber',
  targets: ['POMSER000001'],
}
const app = { adamId: '9000000001', pricingParam: 'STDQ' }
const macApp = { adamId: '9000000002', pricingParam: 'STDQ' }
const many = (count: number, name: string) =>
  Array.from({ length: count }, (_, index) => `${name}${index}`)

describe('a write (Apple 2.7)', () => {
  it.each<[LicenseWrite, string, object]>([
    [
      {
        kind: 'associate',
        assets: [app, macApp],
        targetKind: 'serialNumber',
        targets: ['POMSER000003', 'POMSER000004'],
      },
      'assets/associate',
      { assets: [app, macApp], serialNumbers: ['POMSER000003', 'POMSER000004'] },
    ],
    [
      { kind: 'disassociate', assets: [app], targetKind: 'clientUserId', targets: ['u-0001'] },
      'assets/disassociate',
      { assets: [app], clientUserIds: ['u-0001'] },
    ],
    [revoke, 'assets/revoke', { serialNumbers: ['POMSER000001'] }],
    [
      { kind: 'revoke', targetKind: 'clientUserId', targets: ['u-0001'] },
      'assets/revoke',
      { clientUserIds: ['u-0001'] },
    ],
    [
      {
        kind: 'createUsers',
        users: [
          { clientUserId: 'u-0004', email: 'u-0004@harbour.example' },
          { clientUserId: 'u-0005', managedAppleId: 'u5@harbour.example' },
        ],
      },
      'users/create',
      {
        users: [
          { clientUserId: 'u-0004', email: 'u-0004@harbour.example' },
          { clientUserId: 'u-0005', managedAppleId: 'u5@harbour.example' },
        ],
      },
    ],
    [
      { kind: 'updateUsers', users: [{ clientUserId: 'u-0003', email: 'new@harbour.example' }] },
      'users/update',
      { users: [{ clientUserId: 'u-0003', email: 'new@harbour.example' }] },
    ],
    [
      { kind: 'retireUsers', users: [{ clientUserId: 'u-0003' }] },
      'users/retire',
      { users: [{ clientUserId: 'u-0003' }] },
    ],
  ])('%j is a POST to %s', async (write, endpoint, body) => {
    const { server, conversation } = await open()
    server.script(`/mdm/v2/${endpoint}`, accepted)
    expect(await conversation.send(write)).toEqual({ eventId })
    const [, post] = server.requests
    expect(post).toMatchObject({
      method: 'POST',
      target: `/mdm/v2/${endpoint}`,
      headers: {
        authorization: `Bearer ${credential}`,
        'content-type': 'application/json',
      },
    })
    expect(post?.body).toBe(JSON.stringify(body))
    expect(server.requests).toHaveLength(2)
  })

  it('carries of its rows only what Apple knows', async () => {
    const { server, conversation } = await open()
    server.script('/mdm/v2/assets/associate', accepted)
    const row = { ...app, targetKind: 'serialNumber', target: 'A' } as const
    await conversation.send({
      kind: 'associate',
      assets: [row],
      targetKind: 'serialNumber',
      targets: ['A'],
    })
    expect(JSON.parse(server.requests[1]?.body ?? '')).toEqual({
      assets: [app],
      serialNumbers: ['A'],
    })
  })

  const limits = {
    ...{ maxAssets: 2, maxSerialNumbers: 3, maxClientUserIds: 4 },
    ...{ maxRevokeSerialNumbers: 5, maxRevokeClientUserIds: 6, maxUsers: 7 },
  }
  const assets = many(3, '').map((adamId) => ({ adamId, pricingParam: 'STDQ' }))
  const to = (targetKind: 'serialNumber' | 'clientUserId', count: number) => ({
    targetKind,
    targets: many(count, 'T'),
  })
  const users = (count: number) => many(count, 'u').map((clientUserId) => ({ clientUserId }))

  it.each<[LicenseWrite, string]>([
    [
      { kind: 'associate', assets, ...to('serialNumber', 1) },
      'POST /assets/associate with 3 assets, where Apple allows 2',
    ],
    [
      { kind: 'disassociate', assets: [app], ...to('serialNumber', 4) },
      'POST /assets/disassociate with 4 serialNumbers, where Apple allows 3',
    ],
    [
      { kind: 'associate', assets: [app], ...to('clientUserId', 5) },
      'POST /assets/associate with 5 clientUserIds, where Apple allows 4',
    ],
    [
      { kind: 'revoke', ...to('serialNumber', 6) },
      'POST /assets/revoke with 6 serialNumbers, where Apple allows 5',
    ],
    [
      { kind: 'revoke', ...to('clientUserId', 7) },
      'POST /assets/revoke with 7 clientUserIds, where Apple allows 6',
    ],
    [
      { kind: 'createUsers', users: users(8) },
      'POST /users/create with 8 users, where Apple allows 7',
    ],
  ])('beyond a limit is refused without asking Apple: %j', async (write, detail) => {
    const { server, conversation } = await open()
    server.script(servicePath, { json: { limits } })
    const { finding } = await troubleOf(conversation.send(write))
    expect(finding).toEqual({
      reason: 'clientDefect',
      isDefinite: false,
      detail,
      isOverLimits: true,
    })
    expect(server.requests.map(({ path }) => path)).toEqual([servicePath])
  })

  it.each<[LicenseWrite]>([
    [{ kind: 'associate', assets: assets.slice(1), ...to('serialNumber', 3) }],
    [{ kind: 'associate', assets: [app], ...to('clientUserId', 4) }],
    [{ kind: 'revoke', ...to('serialNumber', 5) }],
    [{ kind: 'retireUsers', users: users(7) }],
  ])('at its limit is sent: %j', async (write) => {
    const { server, conversation } = await open()
    server.script(servicePath, { json: { limits } })
    for (const path of ['associate', 'revoke']) server.script(`/mdm/v2/assets/${path}`, accepted)
    server.script('/mdm/v2/users/retire', accepted)
    expect(await conversation.send(write)).toEqual({ eventId })
  })

  it.each<[LicenseWrite, string]>([
    [
      { kind: 'associate', assets: [], ...to('serialNumber', 1) },
      'POST /assets/associate without any of its assets',
    ],
    [
      { kind: 'associate', assets: [app], ...to('serialNumber', 0) },
      'POST /assets/associate without any of its serialNumbers',
    ],
    [
      { kind: 'revoke', ...to('clientUserId', 0) },
      'POST /assets/revoke without any of its clientUserIds',
    ],
    [{ kind: 'updateUsers', users: [] }, 'POST /users/update without any of its users'],
    [
      { kind: 'associate', assets: [app, { ...app }], ...to('serialNumber', 1) },
      'POST /assets/associate with some assets twice',
    ],
    [
      { kind: 'revoke', targetKind: 'serialNumber', targets: ['A', 'B', 'A'] },
      'POST /assets/revoke with some serialNumbers twice',
    ],
    [
      { kind: 'createUsers', users: [...users(1), { clientUserId: 'u0', email: 'a@b.example' }] },
      'POST /users/create with some users twice',
    ],
  ])('that Apple would refuse is refused without asking it: %j', async (write, detail) => {
    const { server, conversation } = await open()
    const { finding } = await troubleOf(conversation.send(write))
    expect(finding).toEqual({ reason: 'clientDefect', isDefinite: false, detail })
    expect(server.requests.map(({ path }) => path)).toEqual([servicePath])
  })

  it('refused by number says which part was wrong', async () => {
    const { server, conversation } = await open()
    const errorInfo = { assets: [{ adamId: 9000000003 }], serialNumbers: ['A'] }
    const json = { errorNumber: 9706, errorMessage: 'Not revocable.', errorInfo }
    server.script(revokePath, { status: 400, json })
    const { finding } = await troubleOf(conversation.send(revoke))
    expect(finding.item).toEqual({
      reason: 'notRevocable',
      errorNumber: 9706,
      errorMessage: 'Not revocable.',
      assets: [{ adamId: '9000000003', pricingParam: 'STDQ' }],
      clientUserIds: [],
      serialNumbers: ['A'],
    })
  })

  it('refused as too large makes the next reader of the limits ask anew', async () => {
    const { server, conversation } = await open()
    server.script(
      servicePath,
      { json: { limits } },
      { json: { limits: { ...limits, maxUsers: 3 } } },
    )
    server.script('/mdm/v2/users/retire', { status: 400, json: { errorNumber: 9714 } })
    expect((await conversation.readLimits()).maxUsers).toBe(7)
    const retire: LicenseWrite = { kind: 'retireUsers', users: users(7) }
    const { finding } = await troubleOf(conversation.send(retire))
    expect(finding).toMatchObject({ errorNumber: 9714, isOverLimits: true })
    expect((await conversation.readLimits()).maxUsers).toBe(3)
    expect((await troubleOf(conversation.send(retire))).finding).toMatchObject({
      detail: 'POST /users/retire with 7 users, where Apple allows 3',
      isOverLimits: true,
    })
    expect(server.of('/mdm/v2/users/retire')).toHaveLength(1)
  })
})

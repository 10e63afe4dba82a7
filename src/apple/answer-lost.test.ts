import { describe, expect, it } from 'vitest'
import { common, credential, open, troubleOf } from '../../test/apple-conversation.ts'
import type { ScriptedAnswer } from '../../test/scripted-server.ts'
import type { LicenseWrite } from '../model/apple-write.ts'

const revokePath = '/mdm/v2/assets/revoke'
const eventId = 'e0000000-0000-4000-8000-000000000001'
const accepted = { json: { ...common, eventId } }
const revoke: LicenseWrite = {
  kind: 'revoke',
  targetKind: 'serialNumber',
  targets: ['POMSER000001'],
}

describe('a write without a readable answer (Apple 4.2, 5)', () => {
  it.each<[string, ScriptedAnswer, string]>([
    [
      'a connection cut at once',
      { cut: 'beforeHeaders' },
      'the connection was cut (UND_ERR_SOCKET)',
    ],
    ['half an answer', { ...accepted, cut: 'midBody' }, 'the connection was cut (UND_ERR_SOCKET)'],
    ['500 without a number', { status: 500, body: '' }, 'HTTP 500'],
    ['503 with HTML', { status: 503, body: '<html>' }, 'HTTP 503'],
    ['400 without a number', { status: 400, body: '' }, 'HTTP 400'],
    ['429 without a number', { status: 429, body: '' }, 'HTTP 429'],
    [
      'a redirect to what came of it',
      { status: 303, headers: { location: '/elsewhere' }, body: '' },
      'HTTP 303',
    ],
    ['HTML', { body: '<html>' }, 'the answer is not a JSON object'],
    ['an empty answer', { body: '' }, 'the answer is not a JSON object'],
    ['no eventId', { json: common }, 'other JSON shape: accepted.eventId'],
    [
      'an empty eventId',
      { json: { ...common, eventId: '' } },
      'other JSON shape: accepted.eventId',
    ],
  ])('%s: sent once, and nobody knows whether it was taken', async (_, answer, detail) => {
    const { server, conversation } = await open()
    server.script(revokePath, answer)
    const { finding } = await troubleOf(conversation.send(revoke))
    expect(finding).toMatchObject({ isDefinite: false, isAnswerLost: true, detail })
    expect(finding.notBefore).toBeUndefined()
    expect(server.of(revokePath)).toHaveLength(1)
    expect(conversation.log).toMatchObject({ requests: 1, tries: 1, waitedMs: 0 })
  })

  it('in time: sent once, and nobody knows whether it was taken', async () => {
    const { server, conversation } = await open({ requestTimeoutMs: 60 })
    server.script(revokePath, { hangs: true })
    const { finding } = await troubleOf(conversation.send(revoke))
    expect(finding).toMatchObject({
      reason: 'appleUnavailable',
      isAnswerLost: true,
      detail: 'the whole answer did not come within 0.06 s',
    })
    expect(server.of(revokePath)).toHaveLength(1)
  })

  it('but of another location stops the token: nobody looks for it or sends it again', async () => {
    const { server, conversation } = await open()
    conversation.expectLocation('7000000000000002')
    server.script(revokePath, accepted)
    const { finding } = await troubleOf(conversation.send(revoke))
    expect(finding).toMatchObject({ reason: 'locationMismatch', isDefinite: true })
    expect(finding.isAnswerLost).toBeUndefined()
    expect(conversation.log.mdmIds).toEqual([])
  })

  it.each([301, 302, 307, 308])(
    'but HTTP %i, which sends elsewhere, was not taken: it is neither followed nor tried again',
    async (status) => {
      const { server, conversation } = await open()
      server.script(revokePath, { status, headers: { location: '/elsewhere' }, body: '' })
      const { finding } = await troubleOf(conversation.send(revoke))
      expect(finding).toMatchObject({ reason: 'appleUnavailable', detail: `HTTP ${status}` })
      expect(finding.isAnswerLost).toBeUndefined()
      expect(server.requests.map(({ path }) => path)).toEqual([
        '/mdm/v2/service/config',
        revokePath,
      ])
    },
  )

  it('keeps the pause that came with it', async () => {
    const { server, vpp, conversation } = await open()
    server.script(revokePath, { status: 503, body: '', headers: { 'retry-after': '600' } })
    const { finding } = await troubleOf(conversation.send(revoke))
    const notBefore = '2026-12-01T09:10:00.0000000Z'
    expect(finding).toMatchObject({ isAnswerLost: true, notBefore })
    const other = await troubleOf(vpp.converse(credential, 'key').send(revoke))
    expect(other.finding).toEqual({
      reason: 'appleUnavailable',
      isDefinite: false,
      detail: 'Apple asked for a pause.',
      notBefore,
    })
    expect(server.of(revokePath)).toHaveLength(1)
  })

  it('says so even when the pause that came with it cannot be stored', async () => {
    const full = new Error('disk full')
    const pauses = { pause: () => Promise.reject(full), pausedForMs: async () => 0 }
    const { server, conversation } = await open({ pauses })
    server.script(revokePath, { status: 503, body: '', headers: { 'retry-after': '7' } })
    const trouble = await troubleOf(conversation.send(revoke))
    expect(trouble.finding).toMatchObject({
      isAnswerLost: true,
      notBefore: '2026-12-01T09:00:07.0000000Z',
    })
    expect(trouble.cause).toBe(full)
  })

  it('because nobody listens was never sent, and is tried again', async () => {
    const { conversation } = await open({ baseUrl: 'http://127.0.0.1:1/mdm/v2' })
    const { finding } = await troubleOf(conversation.send(revoke))
    expect(finding).toMatchObject({
      reason: 'appleUnavailable',
      detail: 'the connection was refused (ECONNREFUSED)',
    })
    expect(finding.isAnswerLost).toBeUndefined()
    expect(conversation.log.tries).toBe(5)
  })

  it('is not cut short by whoever gives up while it is on its way', async () => {
    const abort = new AbortController()
    const { server, conversation } = await open({}, abort.signal)
    await conversation.readLimits()
    server.script(revokePath, () => {
      abort.abort(new Error('stopping'))
      return accepted
    })
    expect(await conversation.send(revoke)).toEqual({ eventId })
    await expect(conversation.send(revoke)).rejects.toThrow('stopping')
    expect(server.of(revokePath)).toHaveLength(1)
  })
})

import { describe, expect, it } from 'vitest'
import { common, open, troubleOf } from '../../test/apple-conversation.ts'

const statusPath = '/mdm/v2/status'
const eventId = 'e0000000-0000-4000-8000-000000000001'
const app = { adamId: '9000000001', pricingParam: 'STDQ' }

describe('an event (Apple 2.8)', () => {
  const read = async (json: object) => {
    const opened = await open()
    opened.server.script(statusPath, { json: { ...common, ...json } })
    return { ...opened, event: await opened.conversation.readEvent(eventId) }
  }

  it('is asked for by its id, percent-encoded', async () => {
    const { server, conversation } = await open()
    server.script(statusPath, { json: { ...common, eventStatus: 'PENDING' } })
    await conversation.readEvent('a b&c=d')
    expect(server.of(statusPath)[0]?.target).toBe('/mdm/v2/status?eventId=a%20b%26c%3Dd')
  })

  it.each([
    ['PENDING', 1],
    ['COMPLETE', 4],
  ])('that is %s tells how far it has come', async (eventStatus, numCompleted) => {
    const { event, conversation } = await read({
      ...{ eventStatus, eventType: 'ASSOCIATE', numCompleted, numRequested: 4 },
    })
    expect(event).toEqual({
      ...{ status: eventStatus, requested: 4, completed: numCompleted, failures: [] },
    })
    expect(conversation.log.unknownFields).toEqual([])
  })

  it('that is FAILED in part tells why, each reason with those it befell', async () => {
    const { event } = await read({
      ...{ eventStatus: 'FAILED', eventType: 'ASSOCIATE', numCompleted: 2, numRequested: 4 },
      failures: [
        {
          ...{ errorNumber: 9609, errorMessage: 'No such registered user.' },
          errorInfo: { clientUserIds: ['u-0099'] },
        },
        {
          ...{ errorNumber: 9709, errorMessage: 'Too few licences.' },
          errorInfo: { assets: [app], serialNumbers: ['A', 'B'] },
        },
      ],
    })
    expect(event).toEqual({
      ...{ status: 'FAILED', requested: 4, completed: 2 },
      failures: [
        {
          ...{ reason: 'userNotFound', errorNumber: 9609 },
          errorMessage: 'No such registered user.',
          ...{ assets: [], clientUserIds: ['u-0099'], serialNumbers: [] },
        },
        {
          ...{ reason: 'notEnoughLicences', errorNumber: 9709, errorMessage: 'Too few licences.' },
          ...{ assets: [app], clientUserIds: [], serialNumbers: ['A', 'B'] },
        },
      ],
    })
  })

  it('with what nobody knows yet is read all the same, and noted (Apple C13)', async () => {
    const { event, conversation } = await read({
      ...{ eventStatus: 'PAUSED', eventType: 'GIFT', mood: 'good' },
      failures: [
        { errorNumber: '9999', errorMessage: null, errorInfo: { subscriptions: [1] } },
        { errorNumber: 9709, errorInfo: { assets: [5, { adamId: 7 }], serialNumbers: ['A', 5] } },
        'a text',
        { because: 'of this' },
      ],
    })
    const nothing = { errorMessage: '', assets: [], clientUserIds: [], serialNumbers: [] }
    expect(event).toEqual({
      ...{ status: 'PENDING', requested: 0, completed: 0 },
      failures: [
        { ...nothing, reason: 'unknownAppleError', errorNumber: 9999 },
        {
          ...{ ...nothing, reason: 'notEnoughLicences', errorNumber: 9709 },
          ...{ assets: [{ adamId: '7', pricingParam: 'STDQ' }], serialNumbers: ['A'] },
        },
        { ...nothing, reason: 'unknownAppleError', errorNumber: 0 },
      ],
    })
    expect(conversation.log.unknownFields).toEqual([
      'event.mood',
      'event.eventStatus=PAUSED',
      'event.eventType=GIFT',
      'failure.errorNumber=9999',
      'failure.because',
      'failure.errorNumber=0',
    ])
  })

  it('that Apple does not know any more is lost', async () => {
    const { server, conversation } = await open()
    server.script(statusPath, {
      status: 400,
      json: { errorNumber: 9708, errorMessage: 'Unknown.' },
    })
    const { finding } = await troubleOf(conversation.readEvent(eventId))
    expect(finding.item).toMatchObject({ reason: 'eventLost', errorNumber: 9708 })
    expect(finding.isAnswerLost).toBeUndefined()
  })
})

import { describe, expect, it } from 'vitest'
import { reads, writes } from '../../test/apple-calls.ts'
import { common, credential, goodConfig, open, troubleOf } from '../../test/apple-conversation.ts'
import type { AppleFinding } from '../model/apple-finding.ts'
import type { ItemReason } from '../model/apple-write.ts'
import type { StateReason } from '../model/vpp-token-types.ts'
import { itemReasonOf, meaningOf } from './errors.ts'

type Row = readonly [
  errorNumber: number,
  httpStatus: number,
  reason: StateReason,
  isDefinite: boolean,
  tries: 1 | 5,
  minutesOfRest: number,
]

/** Apple 4.1, row by row, then the old service's numbers and those that nobody knows. */
const rows: readonly Row[] = [
  [9601, 401, 'loginRequired', true, 1, 0],
  [9602, 400, 'clientDefect', false, 1, 0],
  [9603, 500, 'appleUnavailable', false, 5, 5],
  [9609, 400, 'unknownAppleError', false, 1, 0],
  [9621, 401, 'expired', true, 1, 0],
  [9622, 200, 'rejectedByApple', true, 1, 0],
  [9622, 401, 'rejectedByApple', true, 1, 0],
  [9623, 400, 'clientDefect', false, 1, 0],
  [9625, 401, 'revokedByApple', true, 1, 0],
  [9634, 410, 'serviceGone', false, 1, 0],
  [9635, 200, 'unknownAppleError', false, 1, 0],
  [9637, 403, 'insufficientRights', false, 1, 0],
  [9641, 200, 'unknownAppleError', false, 1, 0],
  [9644, 503, 'maintenance', false, 5, 5],
  [9646, 429, 'throttled', false, 5, 5],
  [9647, 403, 'legacyToken', true, 1, 0],
  [9650, 400, 'clientDefect', false, 1, 0],
  [9700, 400, 'clientDefect', false, 1, 0],
  [9701, 400, 'clientDefect', false, 1, 0],
  [9702, 400, 'clientDefect', false, 1, 0],
  [9703, 400, 'clientDefect', false, 1, 0],
  [9704, 400, 'clientDefect', false, 1, 0],
  [9705, 400, 'clientDefect', false, 1, 0],
  [9706, 400, 'unknownAppleError', false, 1, 0],
  [9707, 400, 'unknownAppleError', false, 1, 0],
  [9708, 400, 'unknownAppleError', false, 1, 0],
  [9709, 400, 'unknownAppleError', false, 1, 0],
  [9710, 400, 'notificationsOff', false, 1, 0],
  [9711, 400, 'notificationsOff', false, 1, 0],
  [9712, 400, 'notificationsOff', false, 1, 0],
  [9713, 400, 'clientDefect', false, 1, 0],
  [9714, 400, 'clientDefect', false, 1, 0],
  [9715, 400, 'clientDefect', false, 1, 0],
  [9716, 400, 'unknownAppleError', false, 1, 0],
  [9717, 400, 'unknownAppleError', false, 1, 0],
  [9718, 400, 'clientDefect', false, 1, 0],
  [9719, 400, 'clientDefect', false, 1, 0],
  [9720, 400, 'clientDefect', false, 1, 0],
  [9721, 400, 'clientDefect', false, 1, 0],
  [9722, 401, 'clientDefect', false, 1, 0],
  [9722, 200, 'clientDefect', false, 1, 0],
  [9723, 400, 'clientDefect', false, 1, 0],
  [9724, 400, 'clientDefect', false, 1, 0],
  [9725, 400, 'clientDefect', false, 1, 0],
  [9726, 405, 'clientDefect', false, 1, 0],
  [9727, 415, 'clientDefect', false, 1, 0],
  [9728, 400, 'notificationsOff', false, 1, 0],
  [9729, 503, 'appleUnavailable', false, 5, 5],
  [9811, 400, 'unknownAppleError', false, 1, 0],
  [9812, 400, 'unknownAppleError', false, 1, 0],
  [9813, 400, 'unknownAppleError', false, 1, 0],
  [9814, 400, 'unknownAppleError', false, 1, 0],
  [9815, 400, 'unknownAppleError', false, 1, 0],
  [9816, 400, 'unknownAppleError', false, 1, 0],
  [9817, 400, 'unknownAppleError', false, 1, 0],
  [9818, 400, 'unknownAppleError', false, 1, 0],
  [9607, 400, 'unknownAppleError', false, 1, 0],
  [9610, 400, 'unknownAppleError', false, 1, 0],
  [9616, 400, 'unknownAppleError', false, 1, 0],
  [9618, 400, 'unknownAppleError', false, 1, 0],
  [9619, 400, 'unknownAppleError', false, 1, 0],
  [9620, 400, 'unknownAppleError', false, 1, 0],
  [9624, 400, 'unknownAppleError', false, 1, 0],
  [9626, 400, 'unknownAppleError', false, 1, 5],
  [9628, 400, 'unknownAppleError', false, 1, 0],
  [9630, 400, 'throttled', false, 1, 15],
  [9631, 400, 'throttled', false, 1, 15],
  [9632, 400, 'throttled', false, 1, 15],
  [9636, 400, 'unknownAppleError', false, 1, 0],
  [9642, 400, 'unknownAppleError', false, 1, 0],
  [9643, 400, 'unknownAppleError', false, 1, 5],
  [9645, 403, 'heldByOtherMdm', true, 1, 0],
  [9999, 200, 'unknownAppleError', false, 1, 0],
  [9999, 400, 'unknownAppleError', false, 1, 0],
  [9999, 401, 'unknownAppleError', true, 1, 0],
  [9999, 403, 'unknownAppleError', false, 1, 0],
  [9999, 429, 'unknownAppleError', false, 5, 5],
  [9999, 500, 'unknownAppleError', false, 5, 5],
  [9999, 503, 'unknownAppleError', false, 5, 5],
]

const items: Readonly<Record<number, ItemReason>> = {
  9609: 'userNotFound',
  9618: 'userNotFound',
  9620: 'userNotFound',
  9636: 'userNotFound',
  9635: 'accountNotApplicable',
  9641: 'accountAlreadyBound',
  9706: 'notRevocable',
  9607: 'notRevocable',
  9707: 'notDeviceAssignable',
  9628: 'notDeviceAssignable',
  9708: 'eventLost',
  9709: 'notEnoughLicences',
  9716: 'userExists',
  9717: 'badEmail',
  9616: 'alreadyDone',
  9619: 'alreadyDone',
  9610: 'licenceGone',
  9624: 'licenceGone',
  9626: 'lockedElsewhere',
  9643: 'lockedElsewhere',
  9630: 'tooManyIdenticalCalls',
  9631: 'tooManyIdenticalCalls',
  9632: 'tooManyIdenticalCalls',
  9642: 'termsNotAccepted',
}

const asset = { adamId: '9000000001', pricingParam: 'STDQ' }
const devices = { targetKind: 'serialNumber', targets: ['POMSER000001'] } as const
const calls = [...reads, ...writes]

describe("Apple's error numbers (Apple 4.1)", () => {
  it.each(rows)(
    '%i with HTTP %i means %s, definite: %s, after %i tries, rest %i min, to every call',
    async (...row) => {
      const [errorNumber, httpStatus, reason, isDefinite, tries, minutesOfRest] = row
      const { server, clock, vpp } = await open()
      const errorInfo = { assets: [asset], clientUserIds: ['u-0001'], serialNumbers: [] }
      const json = { errorNumber, errorMessage: 'Made up.', errorInfo }
      for (const [request] of calls)
        server.script(`/mdm/v2/${request.split(' ')[1]}`, { status: httpStatus, json })
      const expected: AppleFinding = {
        ...{ reason, isDefinite, errorNumber, httpStatus },
        ...(errorNumber === 9721 && { isVersionUnknown: true }),
        ...([9700, 9701, 9702, 9714].includes(errorNumber) && { isOverLimits: true }),
        ...(errorNumber === 9722 && { stopsToken: true }),
        ...(items[errorNumber] && {
          item: {
            ...{ reason: items[errorNumber], errorNumber, errorMessage: 'Made up.', ...errorInfo },
          },
        }),
      }

      for (const [index, [request, ask]] of calls.entries()) {
        const before = server.requests.length
        const { finding } = await troubleOf(ask(vpp.converse(credential, `key ${index}`)))

        const { notBefore, detail, ...verdict } = finding
        const [method, endpoint] = request.split(' ')
        const ofWrite = method === 'POST' ? { isOfWrite: true } : {}
        expect([request, verdict]).toEqual([request, { ...expected, ...ofWrite }])
        if (reason === 'clientDefect')
          expect(detail).toMatch(new RegExp(`^Made up\\. \\(${method} /${endpoint}( with |\\))`))
        else expect(detail).toBe('Made up.')
        const asked = server.requests
          .slice(before)
          .filter(({ method, path }) => request === `${method} ${path.replace('/mdm/v2/', '')}`)
        // A page that is out of range begins the walk again, once (Apple 3.2).
        const isWalk = /^GET (assets|assignments|users)$/.test(request)
        expect([request, asked.length]).toEqual([
          request,
          errorNumber === 9650 && isWalk ? 2 : tries,
        ])
        const restMs = notBefore === undefined ? 0 : Date.parse(notBefore) - clock.now().getTime()
        expect([request, restMs]).toEqual([request, minutesOfRest * 60_000])
      }
    },
  )

  it('are exactly those that have a row above', () => {
    // Only a number that nobody knows is judged by its status.
    const known = Array.from({ length: 1_000 }, (_, index) => 9_000 + index).filter(
      (errorNumber) => meaningOf(errorNumber, 401) === meaningOf(errorNumber, 400),
    )
    const tested = new Set(rows.map(([errorNumber]) => errorNumber))
    tested.delete(9999)
    expect(known).toEqual([...tested].sort())
  })

  it.each([
    ...Object.entries(items).map(([number, reason]) => [Number(number), reason] as const),
    // What befalls the whole request befalls each row of it.
    [9602, 'clientDefect'],
    [9603, 'appleUnavailable'],
    [9637, 'insufficientRights'],
    [9644, 'maintenance'],
    [9645, 'heldByOtherMdm'],
    [9646, 'appleUnavailable'],
    [9703, 'clientDefect'],
    [9729, 'appleUnavailable'],
    ...[9601, 9621, 9622, 9625, 9647].map((number) => [number, 'tokenRefused'] as const),
    [9811, 'unknownAppleError'],
    [9999, 'unknownAppleError'],
  ] as const)('%i says of a row: %s', (errorNumber, reason) => {
    expect(itemReasonOf(errorNumber)).toBe(reason)
  })

  it.each([9609, 9622, 9625, 9650, 9700, 9701, 9702, 9714, 9716, 9721])(
    '%i may be tried once more after a repair',
    (errorNumber) => {
      expect(meaningOf(errorNumber, 400).retry).toBe('onceRepaired')
    },
  )

  it('go on when a passing trouble has passed', async () => {
    const { server, conversation } = await open()
    server.script(
      '/mdm/v2/client/config',
      { status: 500, json: { errorNumber: 9603 } },
      { status: 503, json: { errorNumber: 9729 } },
      goodConfig,
    )
    const config = await conversation.readConfig()
    expect(config.uId).toBe('7000000000000001')
    expect(conversation.log).toMatchObject({ requests: 1, tries: 3 })
  })

  it('of a write that say that nothing was queued let it be sent again', async () => {
    const { server, conversation } = await open()
    server.script(
      '/mdm/v2/assets/revoke',
      { status: 500, json: { errorNumber: 9603 } },
      { status: 503, json: { errorNumber: 9729 } },
      { status: 429, json: { errorNumber: 9646 } },
      { json: { ...common, eventId: 'e-1' } },
    )
    expect(await conversation.send({ kind: 'revoke', ...devices })).toEqual({ eventId: 'e-1' })
    expect(conversation.log).toMatchObject({ requests: 1, tries: 4 })
  })
})

import { describe, expect, test } from 'vitest'
import { type Ownership, observed } from '../../model/ownership.ts'
import { mayWrite } from './may-write.ts'
import { type OwnershipEvent, ownershipAfter } from './ownership-after.ts'

const at = (minute: number) => `2026-12-01T09:${String(minute).padStart(2, '0')}:00.0000000Z`
const start: Ownership = {
  ...observed({ locationId: '7', mdmId: 'm', at: at(0) }),
  seenHolder: { id: 'other' },
}
const claimed: OwnershipEvent = { kind: 'claimed', at: at(1) }
const confirmed: OwnershipEvent = { kind: 'confirmed', at: at(2) }
const lost: OwnershipEvent = { kind: 'lost', at: at(3) }
const released: OwnershipEvent = { kind: 'released', at: at(4) }
const finding = { reason: 'insufficientRights', isDefinite: false } as const

describe('the ownership of a location', () => {
  test.each<readonly [string, readonly OwnershipEvent[], string, boolean]>([
    ['nothing', [], 'observe since :00', false],
    ['a claim', [claimed], 'observe since :00, open until :02', false],
    ['a claim that stands', [claimed, confirmed], 'ours since :02', true],
    ['a claim that another server undoes', [claimed, lost], 'conflict since :03', false],
    ['a loss', [claimed, confirmed, lost], 'conflict since :03', false],
    ['a loss that is seen again', [lost, { kind: 'lost', at: at(5) }], 'conflict since :03', false],
    ['a claim out of a conflict', [lost, claimed], 'conflict since :03, open until :02', false],
    ['that claim once it stands', [lost, claimed, confirmed], 'ours since :02', true],
    ['a release', [claimed, confirmed, released], 'released since :04', false],
    ['a claim after a release', [released, claimed, confirmed], 'ours since :02', true],
    ['a refusal', [{ kind: 'claimRefused', finding }], 'observe since :00', false],
  ])('after %s is %s', (_, events, expected, isWritable) => {
    const after = ownershipAfter(start, events)
    const open = after.confirmAt === null ? '' : `, open until ${after.confirmAt.slice(13, 16)}`
    expect(`${after.state} since ${after.stateSince.slice(13, 16)}${open}`).toBe(expected)
    expect(mayWrite(after)).toBe(isWritable)
    expect(after.mdmId).toBe('m')
  })

  test('keeps whom the administrator saw when Apple refuses, and forgets it when that is overdue or done', () => {
    const seenAfter = (event: OwnershipEvent) => ownershipAfter(start, [event]).seenHolder
    expect(seenAfter({ kind: 'claimRefused', finding })).toEqual({ id: 'other' })
    expect(seenAfter({ kind: 'claimOverdue', finding })).toBeNull()
    expect(seenAfter(claimed)).toBeNull()
    expect(seenAfter(lost)).toBeNull()
  })

  test('tells why the last wish came to nothing until one comes true', () => {
    const refused = ownershipAfter(start, [{ kind: 'claimRefused', finding }])
    expect(refused.finding).toBe(finding)
    expect(ownershipAfter(refused, [claimed]).finding).toBeNull()
    const wished = { ...start, releaseBy: 't' }
    const kept = ownershipAfter(wished, [{ kind: 'releaseRefused', finding }])
    expect([kept.releaseBy, kept.finding]).toEqual([null, finding])
    expect(ownershipAfter(wished, [lost]).releaseBy).toBeNull()
  })

  test('never claimed may not be written', () => {
    expect(mayWrite(undefined)).toBe(false)
  })
})

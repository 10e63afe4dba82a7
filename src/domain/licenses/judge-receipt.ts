/** What became of one pair or user of a write, from what Apple says of the event and from what stands there now (Apple C9). Pure. */
import type { AssetKey, ItemFailure, ItemReason } from '../../model/apple-write.ts'
import type { Receipt } from '../../model/license-intent.ts'
import { assetKeyOf } from './pair-key.ts'

export type Verdict = Pick<Receipt, 'status' | 'reason' | 'errorNumber' | 'tries'>

/** Another event may do what this one did not: after a pause, and only so often (Apple 4.1, 5). */
const passing: Readonly<Partial<Record<ItemReason, { most: number; pauseSeconds: number }>>> = {
  maintenance: { most: 4, pauseSeconds: 300 },
  appleUnavailable: { most: 4, pauseSeconds: 300 },
  lockedElsewhere: { most: 1, pauseSeconds: 300 },
  tooManyIdenticalCalls: { most: 1, pauseSeconds: 900 },
}
/** The old service's way to say that there was nothing to do; and a user who is there already is as good as made. */
const asWanted: ReadonlySet<ItemReason> = new Set(['alreadyDone', 'userExists'])

export const doneVerdict = { status: 'done', reason: null, errorNumber: 0 } as const

/** The reason that an event gives for a pair or user; undefined when it gives none. */
export function failureOf(
  failures: readonly ItemFailure[],
  receipt: Pick<Receipt, 'adamId' | 'pricingParam' | 'targetKind' | 'target'>,
): ItemFailure | undefined {
  const fitting = failures.filter((failure) => fits(failure, receipt))
  // One that names the pair says more than one that names nobody.
  return fitting.sort((left, right) => named(right) - named(left))[0]
}

/**
 * For what is not as wanted now that the event has ended. `isRepairable` = a user that is missing can be registered, and the
 * pair then asked for again, once (Apple 4.1, 9609).
 */
export function verdictFor(
  failure: ItemFailure | undefined,
  tries: number,
  isRepairable = false,
): Verdict {
  const reason = failure?.reason ?? 'unknownAppleError'
  const errorNumber = failure?.errorNumber ?? 0
  if (asWanted.has(reason)) return { ...doneVerdict, tries }
  const most = reason === 'userNotFound' ? (isRepairable ? 1 : 0) : (passing[reason]?.most ?? 0)
  if (tries < most) return again(reason, errorNumber, tries)
  return { status: 'failed', reason, errorNumber, tries }
}

/**
 * Not there, and nobody can say what became of it. An event that did not end in time is sent again once (Apple 5); an answer
 * that was lost has been asked for twice by then, and an event that Apple does not know (9708) is not repeated (Apple 4.1).
 */
export function verdictWithoutEvent(
  why: 'eventLate' | 'eventUnknown' | 'answerLost',
  tries: number,
): Verdict {
  if (why === 'eventLate' && tries === 0) return again('eventLost', 0, tries)
  const reason = why === 'answerLost' ? 'answerLost' : 'eventLost'
  const errorNumber = why === 'eventUnknown' ? 9708 : 0
  return { status: 'unknown', reason, errorNumber, tries }
}

function again(reason: ItemReason, errorNumber: number, tries: number): Verdict {
  return { status: 'waiting', reason, errorNumber, tries: tries + 1 }
}

/** How long to wait before it is asked for again; 0 = not at all. */
export function pauseSecondsOf({ status, reason }: Verdict): number {
  return status === 'waiting' && reason !== null ? (passing[reason]?.pauseSeconds ?? 0) : 0
}

function fits(
  failure: ItemFailure,
  {
    targetKind,
    target,
    ...asset
  }: Pick<Receipt, 'adamId' | 'pricingParam' | 'targetKind' | 'target'>,
): boolean {
  const targets = targetKind === 'serialNumber' ? failure.serialNumbers : failure.clientUserIds
  const others = targetKind === 'serialNumber' ? failure.clientUserIds : failure.serialNumbers
  const isTarget = targets.length === 0 ? others.length === 0 : targets.includes(target)
  return isTarget && isAsset(failure.assets, asset)
}

function isAsset(assets: readonly AssetKey[], asset: AssetKey): boolean {
  const key = assetKeyOf(asset)
  return assets.length === 0 || assets.some((one) => assetKeyOf(one) === key)
}

function named({ assets, clientUserIds, serialNumbers }: ItemFailure): number {
  return (assets.length > 0 ? 1 : 0) + (clientUserIds.length + serialNumbers.length > 0 ? 2 : 0)
}

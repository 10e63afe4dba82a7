/** What became of one pair or user of a write, from what Apple says of the event and from what stands there now (Apple C9). Pure. */
import type { AssetKey, ItemFailure, ItemReason } from '../../model/apple-write.ts'
import type { Receipt } from '../../model/license-intent.ts'
import { assetKeyOf } from './pair-key.ts'

export type Verdict = Pick<Receipt, 'status' | 'reason' | 'errorNumber' | 'tries'>

/** Another event may do what this one did not: later, and once (Apple 4.1). */
const passing: ReadonlySet<ItemReason> = new Set([
  'maintenance',
  'lockedElsewhere',
  'appleUnavailable',
])
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

/** For what is not as wanted now that the event has ended. */
export function verdictFor(failure: ItemFailure | undefined, tries: number): Verdict {
  const reason = failure?.reason ?? 'unknownAppleError'
  const errorNumber = failure?.errorNumber ?? 0
  if (asWanted.has(reason)) return { ...doneVerdict, tries }
  if (passing.has(reason) && tries === 0) return again(reason, errorNumber, tries)
  return { status: 'failed', reason, errorNumber, tries }
}

/** Not done by an event that never ended, or that Apple has forgotten: sent again once (Apple 5). */
export function verdictWithoutEvent(reason: 'eventLost' | 'answerLost', tries: number): Verdict {
  // Of an answer that was lost the write has been sent twice already.
  if (reason === 'eventLost' && tries === 0) return again(reason, 0, tries)
  return { status: 'unknown', reason, errorNumber: 0, tries }
}

function again(reason: ItemReason, errorNumber: number, tries: number): Verdict {
  return { status: 'waiting', reason, errorNumber, tries: tries + 1 }
}

/** Whether what it waits for is worth a pause first. */
export function isPassing(verdict: Verdict): boolean {
  return verdict.status === 'waiting' && verdict.reason !== null && passing.has(verdict.reason)
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

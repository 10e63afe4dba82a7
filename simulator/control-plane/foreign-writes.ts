import { pricingParams } from '../library/library.ts'
import { type LibraryWrite, performWrite } from '../library/library-writes.ts'
import { transferLicenses, type WriteOutcome } from '../library/purchases.ts'
import {
  bodyOf,
  type ControlCall,
  type ControlHandler,
  expectNoBody,
  libraryOf,
  ok,
  paramOf,
  worldOf,
} from './control-call.ts'
import { ControlError } from './control-error.ts'
import { adamId, object, oneOf, or, text, whole, wrong } from './decode.ts'
import { shownLibrary } from './libraries.ts'
import { buyWrite, mdmInfo, pairsWrite, refundWrite } from './library-write-body.ts'

/** Apple moves no more at once (Apple contract 11.5). */
const mostTransferred = 24_999

/** What happens to a location behind the service's back (Apple contract 11.5). */
export const buy: ControlHandler = (call) => apply(call, bodyOf(call, buyWrite))

export const refund: ControlHandler = (call) => apply(call, bodyOf(call, refundWrite))

export const foreignAssociate: ControlHandler = (call) =>
  apply(call, bodyOf(call, pairsWrite('associate')))

export const foreignDisassociate: ControlHandler = (call) =>
  apply(call, bodyOf(call, pairsWrite('disassociate')))

export const setMdmInfo: ControlHandler = (call) =>
  apply(call, { write: 'mdmInfo', mdmInfo: bodyOf(call, mdmInfo) })

export const removeMdmInfo: ControlHandler = (call) => {
  expectNoBody(call)
  return apply(call, { write: 'mdmInfo', mdmInfo: null })
}

export const acceptInvite: ControlHandler = (call) => {
  const { account } = bodyOf(call, object({ account: text }))
  return apply(call, {
    write: 'acceptInvite',
    clientUserId: paramOf(call, 'clientUserId'),
    account,
  })
}

const transferBody = object({
  fromUId: text,
  toUId: text,
  adamId,
  pricingParam: or(oneOf(pricingParams), 'STDQ' as const),
  quantity: whole(1, mostTransferred),
})

export const transfer: ControlHandler = (call) => {
  const { fromUId, toUId, adamId, pricingParam, quantity } = bodyOf(call, transferBody)
  if (fromUId === toUId) throw wrong('"fromUId" and "toUId" name the same location. Name two.')
  const [from, to] = [libraryOf(call, fromUId), libraryOf(call, toUId)]
  const key = { adamId, pricingParam }
  done(transferLicenses(worldOf(call), from, to, key, quantity))
  return ok({ from: shownLibrary(from), to: shownLibrary(to) })
}

function apply(call: ControlCall, write: LibraryWrite) {
  const library = libraryOf(call)
  const changed = done(performWrite(worldOf(call), library, write))
  return ok({ changed, library: shownLibrary(library) })
}

function done(outcome: WriteOutcome): number {
  if (!('problem' in outcome)) return outcome.changed
  throw new ControlError(
    409,
    `${outcome.problem} Nothing was changed. Look at the location's truth.`,
  )
}

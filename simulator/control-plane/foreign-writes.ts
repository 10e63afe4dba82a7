import { applyLibraryWrite, type LibraryWrite } from '../library-writes.ts'
import {
  bodyOf,
  type ControlCall,
  type ControlHandler,
  expectNoBody,
  libraryOf,
  ok,
  paramOf,
} from './control-call.ts'
import { ControlError } from './control-error.ts'
import { object, text } from './decode.ts'
import { shownLibrary } from './libraries.ts'
import { buyWrite, mdmInfo, pairsWrite, refundWrite } from './library-write-body.ts'

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

function apply(call: ControlCall, write: LibraryWrite) {
  const library = libraryOf(call)
  const outcome = applyLibraryWrite(library, write)
  if ('problem' in outcome) {
    throw new ControlError(
      409,
      `${outcome.problem} Nothing was changed. Look at the location's truth.`,
    )
  }
  return ok({ changed: outcome.changed, library: shownLibrary(library) })
}

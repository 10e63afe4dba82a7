/** Why a pair or a user was not done, in words for people: what it is, and what to do. */
import type { ItemReason } from './apple-write.ts'

export const itemReasonTexts: Readonly<Record<ItemReason, string>> = {
  alreadyDone: 'It was so before: nothing was to be done.',
  userNotFound:
    'No such user is registered at the location. Register the user first (pomona user create), then ask again.',
  userExists:
    'The user is registered already. To change the address, update the user (pomona user update).',
  accountNotApplicable:
    'Apple cannot bind this Apple Account to the user. Check that it is one of your organization and of this country.',
  accountAlreadyBound:
    'This Apple Account is bound to another user of the location. Use that user, or retire it first.',
  badEmail: 'Apple does not take this e-mail address. Correct it, then ask again.',
  notRevocable: 'Licences of this item cannot be taken back: they stay with who has them.',
  notDeviceAssignable:
    'Licences of this item go to users, not to devices. Assign it to a user instead.',
  notEnoughLicences:
    'Too few licences are free. Buy some or take some back, sync the token, then ask again; pomona app list shows the counts.',
  licenceGone:
    'Apple knows this licence no longer, as after a refund. Look at the counts after the next sync.',
  lockedElsewhere:
    'The licence is held or being moved elsewhere at the moment. Ask again when that is over.',
  termsNotAccepted:
    "Apple waits for somebody to accept new terms. Accept them at Apple's portal, then ask again.",
  eventLost:
    'Apple took it and never said how it ended. See after the next sync whether it was done (pomona license list), and ask again if not.',
  answerLost:
    'Apple may have taken it: no answer came. See after the next sync whether it was done (pomona license list), and ask again if not.',
  maintenance: "Apple's service is in maintenance. Ask again later.",
  tooManyIdenticalCalls: 'Apple had too many requests of this kind. Ask again in an hour.',
  insufficientRights:
    'The account behind the content token may not change licences. Renew the token with one of an account that may.',
  heldByOtherMdm:
    "The location is not Pomona's. See who holds it (pomona token owner), claim it (pomona token claim), then ask again.",
  appleUnavailable: "Apple's service gave no usable answer. Ask again later.",
  clientDefect:
    'Apple refused the request itself. This is a fault in Pomona: report it with the number.',
  unknownAppleError:
    'Apple refused it and gave no reason that Pomona knows. See in the next sync what stands there.',
  tokenRefused:
    'Apple accepts the content token no longer. Renew it (pomona token renew), then ask again.',
  notOwned:
    'The location owns no licence of this item. Check its number, or buy licences for this location and sync the token.',
  otherQualityOwned:
    'The location owns this item in the other quality only. Ask for that one: --quality PLUS is the high one of books, STDQ the standard.',
}

/** Null for a reason that there is none of, or that a newer program has stored. */
export function itemReasonText(reason: string | null): string | null {
  return itemReasonTexts[reason as ItemReason] ?? null
}

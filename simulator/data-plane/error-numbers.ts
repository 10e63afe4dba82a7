import type { Switches } from '../world/switches.ts'

/** Apple's error numbers: HTTP status of a synchronous answer (Apple contract 4.1) and this simulator's own text. */
export interface ErrorNumber {
  status: number
  message: string
}

const byNumber: Record<number, ErrorNumber> = {
  9601: { status: 401, message: 'Login needed.' },
  9602: { status: 400, message: 'Bad argument.' },
  9603: { status: 500, message: 'Internal error.' },
  9609: { status: 400, message: 'No such registered user.' },
  9616: { status: 400, message: 'Licence is assigned already.' },
  9619: { status: 400, message: 'Licence is not assigned there.' },
  9621: { status: 401, message: 'Token expired.' },
  9622: { status: 200, message: 'Token not recognised.' },
  9623: { status: 400, message: 'Push token not usable.' },
  9625: { status: 401, message: 'Token revoked.' },
  9634: { status: 410, message: 'This service has ended.' },
  9635: { status: 400, message: 'Apple Account cannot be bound to this user.' },
  9637: { status: 403, message: 'This account may not do that.' },
  9641: { status: 400, message: 'Apple Account belongs to another user.' },
  9644: { status: 503, message: 'Maintenance, come back later.' },
  9645: { status: 403, message: "Location is run by Apple's own management." },
  9646: { status: 429, message: 'Too many requests.' },
  9647: { status: 403, message: 'Not for legacy tokens.' },
  9650: { status: 400, message: 'No such page.' },
  9700: { status: 400, message: 'Too many assets.' },
  9701: { status: 400, message: 'Too many users named.' },
  9702: { status: 400, message: 'Too many serial numbers.' },
  9703: { status: 400, message: 'An asset is named twice.' },
  9704: { status: 400, message: 'A user is named twice.' },
  9705: { status: 400, message: 'A serial number is named twice.' },
  9706: { status: 400, message: 'Asset cannot be revoked.' },
  9707: { status: 400, message: 'Asset cannot be assigned to devices.' },
  9708: { status: 400, message: 'No such event.' },
  9709: { status: 400, message: 'Too few licences.' },
  9710: { status: 400, message: 'Notification URL and token belong together.' },
  9711: { status: 400, message: 'Notification URL or token too long.' },
  9712: { status: 400, message: 'Notification URL not usable.' },
  9713: { status: 400, message: 'MDM metadata too long.' },
  9714: { status: 400, message: 'Too many users.' },
  9715: { status: 400, message: 'A user stands twice in the list.' },
  9716: { status: 400, message: 'User exists.' },
  9717: { status: 400, message: 'Email address not usable.' },
  9718: { status: 400, message: 'No asset named.' },
  9719: { status: 400, message: 'No target named.' },
  9720: { status: 400, message: 'No users named.' },
  9721: { status: 400, message: 'Version not usable.' },
  9722: { status: 401, message: 'Authorization header not usable.' },
  9723: { status: 400, message: 'MDM info not complete.' },
  9724: { status: 400, message: 'MDM id too long.' },
  9725: { status: 400, message: 'MDM name too long.' },
  9726: { status: 405, message: 'Verb not allowed here.' },
  9727: { status: 415, message: 'Content-Type has to be application/json.' },
  9728: { status: 400, message: 'Notification URL not reachable.' },
  9729: { status: 503, message: 'Not available at the moment.' },
  9811: { status: 400, message: 'Subscription cannot be assigned like that.' },
  9812: { status: 400, message: 'No such cursor.' },
  9813: { status: 400, message: 'Subscription not known.' },
  9814: { status: 400, message: 'User not associated.' },
  9815: { status: 400, message: 'User has no such subscription.' },
  9816: { status: 400, message: 'Too many subscriptions or users named.' },
  9817: { status: 400, message: 'Subscription is held through a group.' },
  9818: { status: 400, message: 'Subscriptions cannot be switched off.' },
}

const unknownNumber: ErrorNumber = { status: 400, message: 'Error without a name.' }

/** Never fails: a fault may carry a number that Apple has not announced (Apple contract 10 C13). */
export function errorNumber(number: number): ErrorNumber {
  return byNumber[number] ?? unknownNumber
}

/** HTTP status of a number; of two it is not settled (Apple contract 11.4). */
export function statusOf(number: number, switches: Switches): number {
  if (number === 9622) return switches.invalidTokenStatus
  return number === 9722 ? switches.badHeaderStatus : errorNumber(number).status
}

// Apple contract 2.2: the numbers in the printed sample, which is not all there are.
const listedByServiceConfig = [
  9601,
  9602,
  9603,
  9609,
  9621,
  9625,
  9634,
  9646,
  9650,
  ...Array.from({ length: 29 }, (_, index) => 9700 + index),
]

export function listedErrorCodes(): { errorNumber: number; errorMessage: string }[] {
  return listedByServiceConfig.map((number) => ({
    errorNumber: number,
    errorMessage: errorNumber(number).message,
  }))
}

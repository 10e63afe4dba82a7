/** Apple's error numbers and what they mean: the one table (Apple 4.1). Texts are never looked at, they vary per endpoint. */
import type { ItemReason } from '../model/apple-write.ts'
import type { StateReason } from '../model/vpp-token-types.ts'

/** never · again, as Apple 5 bounds it · once, after the caller has put right what Apple complained about. */
export type Retry = 'never' | 'again' | 'onceRepaired'

export interface ErrorMeaning {
  readonly reason: StateReason
  /** True exactly where Apple 4.1 gives the token another state. */
  readonly isDefinite: boolean
  readonly retry: Retry
  /** What it says about single rows of a request rather than about the token. */
  readonly item?: ItemReason
  readonly isVersionUnknown?: true
  readonly isOverLimits?: true
  /** How the credential is sent is at fault: whatever else is asked by it meets the same. */
  readonly stopsToken?: true
  /** Once the attempt is over nothing of the kind may be sent for so long. */
  readonly pauseMs?: number
}

const minuteMs = 60_000

const defect: ErrorMeaning = { reason: 'clientDefect', isDefinite: false, retry: 'never' }
const repairable: ErrorMeaning = {
  reason: 'clientDefect',
  isDefinite: false,
  retry: 'onceRepaired',
}
const outage: ErrorMeaning = { reason: 'appleUnavailable', isDefinite: false, retry: 'again' }
const unknown: ErrorMeaning = { reason: 'unknownAppleError', isDefinite: false, retry: 'never' }
const throttled: ErrorMeaning = { reason: 'throttled', isDefinite: false, retry: 'again' }

function verdict(reason: StateReason, retry: Retry = 'never'): ErrorMeaning {
  return { reason, isDefinite: true, retry }
}

function trouble(reason: StateReason, retry: Retry = 'never'): ErrorMeaning {
  return { reason, isDefinite: false, retry }
}

/** A number about rows; should it ever answer a whole read, it is one that nobody expects there. */
function item(item: ItemReason, retry: Retry = 'never', pauseMs?: number): ErrorMeaning {
  return { ...unknown, retry, item, ...(pauseMs === undefined ? {} : { pauseMs }) }
}

const rows: readonly (readonly [numbers: readonly number[], meaning: ErrorMeaning])[] = [
  [[9601], verdict('loginRequired')],
  [[9602, 9623, 9718, 9719, 9720, 9723], defect],
  [[9603], outage],
  [[9609], item('userNotFound', 'onceRepaired')],
  [[9621], verdict('expired')],
  [[9622], verdict('rejectedByApple', 'onceRepaired')],
  [[9625], verdict('revokedByApple', 'onceRepaired')],
  [[9634], trouble('serviceGone')],
  [[9635], item('accountNotApplicable')],
  [[9641], item('accountAlreadyBound')],
  [[9637], trouble('insufficientRights')],
  [[9644], { ...trouble('maintenance', 'again'), pauseMs: 5 * minuteMs }],
  [[9646], throttled],
  [[9647], verdict('legacyToken')],
  [[9650], repairable],
  [[9700, 9701, 9702, 9714], { ...repairable, isOverLimits: true }],
  [[9703, 9704, 9705, 9713, 9715, 9724, 9725], defect],
  [[9706], item('notRevocable')],
  [[9707], item('notDeviceAssignable')],
  [[9708], item('eventLost')],
  [[9709], item('notEnoughLicences')],
  [[9710, 9711, 9712, 9728], trouble('notificationsOff')],
  [[9716], item('userExists', 'onceRepaired')],
  [[9717], item('badEmail')],
  [[9721], { ...repairable, isVersionUnknown: true }],
  [[9722], { ...defect, stopsToken: true }],
  [[9726, 9727], defect],
  [[9729], outage],
  [[9811, 9812, 9813, 9814, 9815, 9816, 9817, 9818], unknown],
  // The old service's numbers, should they surface.
  [[9616, 9619], item('alreadyDone')],
  [[9607], item('notRevocable')],
  [[9628], item('notDeviceAssignable')],
  [[9618, 9620, 9636], item('userNotFound', 'onceRepaired')],
  [[9610, 9624], item('licenceGone', 'onceRepaired')],
  [[9626, 9643], item('lockedElsewhere', 'onceRepaired', 5 * minuteMs)],
  [
    [9630, 9631, 9632],
    { ...trouble('throttled'), item: 'tooManyIdenticalCalls', pauseMs: 15 * minuteMs },
  ],
  [[9642], item('termsNotAccepted')],
  [[9645], verdict('heldByOtherMdm')],
]

const meanings: ReadonlyMap<number, ErrorMeaning> = new Map(
  rows.flatMap(([numbers, meaning]) => numbers.map((number) => [number, meaning] as const)),
)

/** The meaning of an error number; one that nobody knows is judged by its HTTP status. */
export function meaningOf(errorNumber: number, httpStatus: number): ErrorMeaning {
  const known = meanings.get(errorNumber)
  if (known) return known
  if (httpStatus === 401) return { ...unknown, isDefinite: true }
  return httpStatus === 429 || httpStatus >= 500 ? { ...unknown, retry: 'again' } : unknown
}

/** What a reason for the whole request says about each row of it. */
const itemReasons: Readonly<Partial<Record<StateReason, ItemReason>>> = {
  clientDefect: 'clientDefect',
  appleUnavailable: 'appleUnavailable',
  throttled: 'appleUnavailable',
  maintenance: 'maintenance',
  insufficientRights: 'insufficientRights',
  heldByOtherMdm: 'heldByOtherMdm',
  loginRequired: 'tokenRefused',
  expired: 'tokenRefused',
  rejectedByApple: 'tokenRefused',
  revokedByApple: 'tokenRefused',
  legacyToken: 'tokenRefused',
}

/** Why a row of a write was not done, by the number that its event or its refusal names. */
export function itemReasonOf(errorNumber: number): ItemReason {
  const meaning = meanings.get(errorNumber) ?? unknown
  return meaning.item ?? itemReasons[meaning.reason] ?? 'unknownAppleError'
}

/** The meaning of an answer without a number that is not a good one (Apple 4.2, 5). A redirect is never followed. */
export function meaningOfStatus(httpStatus: number): ErrorMeaning {
  if (httpStatus >= 300 && httpStatus < 400) return { ...outage, retry: 'never' }
  return httpStatus === 429 ? throttled : outage
}

/** The meaning of an answer that never came, came in part, or has another shape (Apple 4.2). */
export const noUsableAnswer: ErrorMeaning = outage
/** The meaning of a certificate that is not trusted. */
export const certificateRefused: ErrorMeaning = trouble('tlsRefused')
/** The meaning of a good answer about another location. */
export const otherLocation: ErrorMeaning = verdict('locationMismatch')
/** The meaning of a request that could not even be sent as it was made. */
export const unsendable: ErrorMeaning = defect

/**
 * Where Apple is ambiguous, a switch picks the behaviour; the first value is the default (Apple contract 11.4).
 * Only switches stand here that something obeys.
 */
const choices = {
  invalidTokenStatus: [200, 401],
  badHeaderStatus: [401, 200],
  tokenExpirationDate: ['always', 'clientConfigOnly', 'last15Days'],
  mdmInfoUnset: ['absent', 'null'],
  newDownloadRevokes: ['sameAccount', 'sameLocation', 'never'],
  deadAccountError: [9625, 9622, 9601],
  userNotFound: ['async', 'sync'],
  unknownAsset: ['async9709', 'sync9602'],
  shortage: ['partial', 'none'],
  reassociate: ['noop', 9616],
  disassociateMissing: ['noop', 9619],
  pricingDefault: ['STDQ', 9602],
  bothTargetLists: ['accept', 9602],
  deltaRemovals: ['omit', 'listAsRow'],
  falseFilter: ['equal', 'ignore'],
  adamIdFilter: ['single', 'commaList'],
  unknownQuery: ['ignore', 9602],
  unlimitedTrue: ['onlyUnlimited', 'both'],
  unlimitedAvailable: ['maxMinusAssigned', 'max'],
  retireUser: ['freeRevocable', 'keepRows'],
  retryAfterOn429: ['absent', 'present'],
  retryAfterForm: ['seconds', 'httpDate'],
  rateBucket: ['location', 'token'],
  maxRequestPerSecondShown: ['yes', 'no'],
  limiterClock: ['real', 'virtual'],
  emptyNotificationUrl: ['clears', 9712],
  emptyTotalPages: [1, 0],
} as const

/** Switches that take any whole number: versions, virtual days. */
const counts = { versionWindow: 1000, eventRetention: 7 }

type Choices = typeof choices
export type Switches = { -readonly [Name in keyof Choices]: Choices[Name][number] } & typeof counts

export function defaultSwitches(): Switches {
  const first = Object.entries(choices).map(([name, values]) => [name, values[0]])
  return { ...Object.fromEntries(first), ...counts } as Switches
}

export const switchNames = [...Object.keys(choices), ...Object.keys(counts)]

/** Undefined for a name that is no switch. */
export function allowedValues(
  name: string,
): readonly (string | number)[] | 'wholeNumber' | undefined {
  if (Object.hasOwn(counts, name)) return 'wholeNumber'
  return Object.hasOwn(choices, name) ? choices[name as keyof Choices] : undefined
}

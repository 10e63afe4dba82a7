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
  deltaRemovals: ['omit', 'listAsRow'],
  falseFilter: ['equal', 'ignore'],
  adamIdFilter: ['single', 'commaList'],
  unknownQuery: ['ignore', 9602],
  unlimitedTrue: ['onlyUnlimited', 'both'],
  unlimitedAvailable: ['maxMinusAssigned', 'max'],
  retryAfterOn429: ['absent', 'present'],
  retryAfterForm: ['seconds', 'httpDate'],
  rateBucket: ['location', 'token'],
  maxRequestPerSecondShown: ['yes', 'no'],
  limiterClock: ['real', 'virtual'],
  emptyNotificationUrl: ['clears', 9712],
  emptyTotalPages: [1, 0],
} as const

type Choices = typeof choices
export type Switches = { -readonly [Name in keyof Choices]: Choices[Name][number] } & {
  versionWindow: number
}

export function defaultSwitches(): Switches {
  const first = Object.entries(choices).map(([name, values]) => [name, values[0]])
  return { ...Object.fromEntries(first), versionWindow: 1000 } as Switches
}

export const switchNames = [...Object.keys(choices), 'versionWindow']

/** Undefined for a name that is no switch; a whole number is all that `versionWindow` asks for. */
export function allowedValues(
  name: string,
): readonly (string | number)[] | 'wholeNumber' | undefined {
  if (name === 'versionWindow') return 'wholeNumber'
  return Object.hasOwn(choices, name) ? choices[name as keyof Choices] : undefined
}

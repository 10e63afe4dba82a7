/** Observations as lines of JSON on standard error, through pino. */
import pino from 'pino'
import type { Observation } from '../model/observation.ts'
import type { Observe } from '../ports/observer.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

const levels: Readonly<Record<Observation['kind'], Exclude<LogLevel, 'silent'>>> = {
  serving: 'info',
  stopping: 'info',
  requestAnswered: 'info',
  requestCrashed: 'error',
  accessTokenIssued: 'info',
  issuerKeysUnread: 'warn',
  certificateRenewed: 'info',
  certificateNotRenewed: 'error',
  localCaReplaced: 'warn',
  signInRefused: 'warn',
  runEnded: 'info',
  metadataRefreshed: 'info',
  metadataUnread: 'warn',
  storefrontUnknown: 'info',
  notificationUnknown: 'warn',
  intentEnded: 'info',
  runCrashed: 'error',
  dueLoopFailed: 'error',
  retentionSwept: 'info',
  retentionFailed: 'error',
  appleClockSkewed: 'warn',
}

const secretNames = ['token', 'authorization', 'secret']

export function createLog(level: LogLevel): Observe {
  // Lines that come while one is being written go out together with the next; what is left at the end is written then.
  return logInto(level, pino.destination({ dest: 2, sync: false }))
}

export function logInto(level: LogLevel, destination: pino.DestinationStream): Observe {
  const plain = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination)
  // Observations hold no secret by their type; the redaction is the second lock on that door.
  const redacting = plain.child({}, { redact: secretNames.flatMap((name) => [name, `*.${name}`]) })
  return ({ kind, ...facts }) => (isPlain(facts) ? plain : redacting)[levels[kind]](facts, kind)
}

/** Redacting copies all that it looks through, which is most of a line's cost; here there is nothing to look for. */
function isPlain(facts: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(facts).every(
    ([name, value]) => typeof value !== 'object' && !secretNames.includes(name),
  )
}

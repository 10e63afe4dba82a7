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
  notificationUnknown: 'warn',
  intentEnded: 'info',
  runCrashed: 'error',
  dueLoopFailed: 'error',
  retentionSwept: 'info',
  retentionFailed: 'error',
  appleClockSkewed: 'warn',
}

export function createLog(level: LogLevel): Observe {
  // Observations hold no secret by their type; the redaction is the second lock on that door.
  const log = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ['token', '*.token', 'authorization', '*.authorization', 'secret', '*.secret'],
    },
    // Lines that come while one is being written go out together with the next; what is left at the end is written then.
    pino.destination({ dest: 2, sync: false }),
  )
  return ({ kind, ...facts }) => log[levels[kind]](facts, kind)
}

/** What PostgreSQL's SQLSTATE codes and a broken connection mean to the rooms above. No message repeats a value or the URL. */
import { DatabaseError } from 'pg'
import { Failure, type FailureCode } from '../../model/failure.ts'

type Meaning = readonly [code: FailureCode, message: string]

const retryAfterSeconds = 5

const collided =
  'Too many wanted to change the same records at the same time, so nothing was stored. Try again.'
const unreachable =
  'The database server cannot be reached or ended the connection. Try again; if it stays so, check the server and the network.'
const holdsNull =
  'A text holds the character U+0000, which the database cannot keep. Send it without.'

/** By SQLSTATE, or by the class of it, its first two characters. */
const meanings: Readonly<Record<string, Meaning>> = {
  '23505': ['conflict', 'A record with the same key is already stored.'],
  '23503': [
    'notFound',
    'The tenant or token that this record belongs to is not stored. It may have been removed.',
  ],
  '22021': ['badRequest', holdsNull],
  '22P05': ['badRequest', holdsNull],
  '40001': ['unavailable', collided],
  '40P01': ['unavailable', collided],
  '55P03': ['unavailable', collided],
  '57014': [
    'unavailable',
    'The database took too long, so nothing was stored. Try again; if it stays so, look at the load of the database server.',
  ],
  '53100': [
    'unavailable',
    'The disk of the database server is full, so nothing was stored. Free some space on it and try again.',
  ],
  '53300': [
    'unavailable',
    'The database server takes no more connections. Try again; if it stays so, raise its max_connections or run fewer nodes.',
  ],
  '25006': [
    'unavailable',
    'The database server only reads, as a standby does, so nothing was stored. Let the storage URL name the primary server.',
  ],
  '08': ['unavailable', unreachable],
  '53': ['unavailable', 'The database server lacks memory or another resource. Try again.'],
  '57': ['unavailable', unreachable],
  '25P03': ['unavailable', unreachable],
  '28': [
    'misconfigured',
    'The database server refuses the user or the password of the storage URL. Correct them.',
  ],
  '3D': [
    'misconfigured',
    'The database that the storage URL names does not exist. Create it, or correct the URL.',
  ],
  '3F': [
    'misconfigured',
    'The schema in which the tables belong does not exist. Create it, or correct search_path in the storage URL.',
  ],
  '42501': [
    'misconfigured',
    'The user of the storage URL lacks a right on the tables of Pomona. Grant it.',
  ],
}

/** Faults of certificates and of the agreement on TLS, by Node's code. */
const tlsForm = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|HOSTNAME/

export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error
  const [code, message] = meaningOf(error)
  return new Failure(code, message, {
    cause: error,
    ...(code === 'unavailable' ? { retryAfterSeconds } : {}),
  })
}

function meaningOf(error: unknown): Meaning {
  const code = codeOf(error)
  if (error instanceof DatabaseError)
    return (
      meanings[code] ??
      meanings[code.slice(0, 2)] ?? [
        'internal',
        `The database refused a statement (${code}). This is a defect of Pomona; please report it.`,
      ]
    )
  const text = error instanceof Error ? error.message : ''
  if (tlsForm.test(code) || /SSL/.test(text))
    return [
      'misconfigured',
      'The connection to the database server cannot be made safe: TLS or its certificate does not fit. Check sslmode and sslrootcert in the storage URL.',
    ]
  if (/^SASL/.test(text))
    return [
      'misconfigured',
      'The database server asks for a password, and the storage URL holds none that fits. Put it in, or name a file with the whole URL by storage-url-file.',
    ]
  if (error instanceof TypeError || error instanceof RangeError)
    return [
      'internal',
      'A statement could not be sent. This is a defect of Pomona; please report it.',
    ]
  return ['unavailable', unreachable]
}

/** Two units touched the same rows in ways that no order of them explains: one of them is undone and may be run again. */
export function isCollision(reason: unknown): boolean {
  if (!(reason instanceof Failure)) return false
  const code = codeOf(reason.cause)
  return code === '40001' || code === '40P01'
}

/** The server told what is wrong: the connection itself still holds. */
export function isAnswerOfServer(reason: unknown): boolean {
  return reason instanceof Failure && reason.cause instanceof DatabaseError
}

export function storageClosed(): Failure {
  return new Failure(
    'unavailable',
    'The storage is closed, because the service is stopping. Try again in a moment.',
    { retryAfterSeconds },
  )
}

/** SQLSTATE or Node's own code; empty when there is none. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : ''
}

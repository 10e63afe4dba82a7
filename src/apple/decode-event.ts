/** What Apple says of an asynchronous write (Apple 2.7, 2.8). Throws `OtherShape` for what cannot be read. */
import type { EventStatus } from '../model/apple-write.ts'
import { decodeFailure } from './decode-failure.ts'
import {
  isJsonObject,
  type JsonObject,
  OtherShape,
  optionalList,
  optionalText,
  optionalWholeNumber,
  part,
  text,
} from './json.ts'
import type { Surprises } from './surprises.ts'

const commonFields = ['uId', 'tokenExpirationDate', 'mdmInfo']
const acceptedFields = new Set([...commonFields, 'eventId'])
const eventFields = new Set([
  ...commonFields,
  'eventStatus',
  'eventType',
  'numRequested',
  'numCompleted',
  'failures',
])
const failureFields = new Set(['errorNumber', 'errorMessage', 'errorInfo'])
const types: ReadonlySet<string> = new Set([
  'ASSOCIATE',
  'DISASSOCIATE',
  'REVOKE',
  'CREATE',
  'UPDATE',
  'RETIRE',
])
const statuses: ReadonlySet<string> = new Set(['PENDING', 'COMPLETE', 'FAILED'])
const noneKnown: ReadonlySet<string> = new Set()

export function decodeEventId(body: JsonObject, surprises: Surprises): string {
  const accepted = part('accepted', body)
  surprises.fields(accepted, acceptedFields)
  const eventId = text(accepted, 'eventId')
  if (eventId === '') throw new OtherShape('accepted.eventId')
  return eventId
}

export function decodeEventStatus(body: JsonObject, surprises: Surprises): EventStatus {
  const event = part('event', body)
  surprises.fields(event, eventFields)
  const status = text(event, 'eventStatus')
  surprises.value(event, 'eventStatus', status, statuses)
  surprises.value(event, 'eventType', optionalText(event, 'eventType'), types)
  const failures = (optionalList(event, 'failures') ?? []).filter(isJsonObject)
  return {
    // A status that nobody knows is no end: whoever waits goes on until it is late, then looks for itself (Apple C9).
    status: isKnown(status) ? status : 'PENDING',
    requested: optionalWholeNumber(event, 'numRequested') ?? 0,
    completed: optionalWholeNumber(event, 'numCompleted') ?? 0,
    failures: failures.map((failure) => {
      surprises.fields(part('failure', failure), failureFields)
      const decoded = decodeFailure(failure)
      if (decoded.reason === 'unknownAppleError')
        surprises.value(
          part('failure', failure),
          'errorNumber',
          `${decoded.errorNumber}`,
          noneKnown,
        )
      return decoded
    }),
  }
}

function isKnown(status: string): status is EventStatus['status'] {
  return statuses.has(status)
}

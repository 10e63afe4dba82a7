/** Apple's way in (Apple 6): who is it, is it about this location, has it come before; then it is taken in, and worked on later. */
import { createHash, timingSafeEqual } from 'node:crypto'
import {
  type AppleNotification,
  decodeNotification,
} from '../domain/notifications/apple-notification.ts'
import {
  type ReceiveDeps,
  receiveNotification,
} from '../domain/notifications/receive-notification.ts'
import { Failure } from '../model/failure.ts'
import { traceOf } from '../model/observation.ts'
import { parseJsonText } from '../model/payload/json-text.ts'
import type { ChannelDoor, ChannelDoors } from '../ports/notification-channel-store.ts'
import type { Answer, HttpRequest, HttpResponse } from '../ports/route.ts'
import { channelIdIn, notifyPath } from './notify-path.ts'

export interface NotifyDeps extends ReceiveDeps {
  /** Something has become due. */
  readonly onDue: () => void
}

const longestBody = 1_024 * 1_024

/** Never rejects. No answer says whether a channel exists: without the secret of one, nobody is told anything but 401. */
export function notifyAnswer(deps: NotifyDeps): Answer {
  return async (request) => {
    try {
      return await answer(deps, request)
    } catch (error) {
      return refused(deps, request, error)
    }
  }
}

async function answer(deps: NotifyDeps, request: HttpRequest): Promise<HttpResponse> {
  if (request.method !== 'POST')
    return { ...said(405, 'Use POST.', 'wrongVerb'), headers: { Allow: 'POST' } }
  const channelId = channelIdIn(request.target)
  const door = await knownDoor(deps.storage.instance.reads.channels, channelId, request)
  if (channelId === undefined || !door)
    return said(401, 'The notification carries no secret that counts here.', 'accessTokenRefused')
  const bytes = await request.readBody(longestBody)
  const notification = decode(bytes)
  if (!notification)
    return said(400, 'The body is not a notification of Apple’s.', 'unreadablePayload')
  if (notification.uId !== door.locationId)
    return said(403, 'The notification is about another location.', 'forbidden')
  const received = await receiveNotification(deps, channelId, door, notification)
  if (received === 'news') deps.onDue()
  return { status: 200, headers: {}, observed: { route, tenantId: door.tenantId } }
}

/** Undefined unless the bearer is one of those that count for the channel; compared in a time that says nothing. */
async function knownDoor(
  doors: ChannelDoors,
  channelId: string | undefined,
  { headers }: HttpRequest,
): Promise<ChannelDoor | undefined> {
  const secret = /^Bearer (\S{1,512})$/i.exec(headers.authorization ?? '')?.[1]
  const door = channelId === undefined ? undefined : await doors.find(channelId)
  const given = createHash('sha256')
    .update(secret ?? '')
    .digest()
  let isKnown = false
  for (const hash of door?.hashes ?? [])
    if (timingSafeEqual(given, Buffer.from(hash, 'hex'))) isKnown = true
  return isKnown && secret !== undefined ? door : undefined
}

function decode(bytes: Uint8Array): AppleNotification | undefined {
  try {
    return decodeNotification(parseJsonText(bytes))
  } catch (error) {
    if (error instanceof Failure) return undefined
    throw error
  }
}

function refused({ observe }: NotifyDeps, { id }: HttpRequest, error: unknown): HttpResponse {
  if (error instanceof Failure && error.code === 'payloadTooLarge')
    return said(413, error.message, error.code)
  if (error instanceof Failure && error.code === 'badRequest')
    return said(400, error.message, error.code)
  if (!(error instanceof Failure) || error.code === 'internal')
    observe({ kind: 'requestCrashed', requestId: id, error: traceOf(error) })
  // Apple tries again; by then the database may be back.
  return said(503, 'The notification could not be taken in.', 'unavailable')
}

const route = notifyPath('{id}')

function said(status: number, text: string, failureCode: string): HttpResponse {
  return {
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
    body: `${text}\n`,
    observed: { route, failureCode },
  }
}

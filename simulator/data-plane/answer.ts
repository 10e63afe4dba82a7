import { errorNumber } from './error-numbers.ts'

export interface PageFacts {
  currentPageIndex: number
  nextPageIndex: number | undefined
  totalPages: number
  versionId: string
}

export interface Answer {
  status: number
  headers: Record<string, string>
  /** Text, or the bytes of a picture. */
  body: string | Buffer
  errorNumber?: number
  page?: PageFacts
  /** What the call changed, in a few words for the journal. */
  effect?: string
  /** The event that the call began. */
  eventId?: string
}

export function bytesOf({ body }: Answer): Buffer {
  return typeof body === 'string' ? Buffer.from(body, 'utf8') : body
}

export interface ErrorInfo {
  assets?: { adamId: string; pricingParam: string }[]
  clientUserIds?: string[]
  serialNumbers?: string[]
}

/** An ErrorResponse (Apple contract 4), synchronous or one of an event's failures. */
export interface ErrorBody {
  errorNumber: number
  errorMessage: string
  errorInfo?: ErrorInfo
}

export function jsonAnswer(status: number, body: unknown): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
}

/** A call that is not served; `number` undefined stands for an unknown path: 404 and no body. */
export class Refusal extends Error {
  readonly number: number | undefined
  readonly status: number
  readonly info: ErrorInfo | undefined
  readonly headers: Record<string, string>

  constructor(
    number: number | undefined,
    more: { status?: number; info?: ErrorInfo; headers?: Record<string, string> } = {},
  ) {
    super(number === undefined ? 'unknown path' : errorNumber(number).message)
    this.number = number
    this.status = more.status ?? (number === undefined ? 404 : errorNumber(number).status)
    this.info = more.info
    this.headers = more.headers ?? {}
  }
}

/** An ErrorResponse (Apple contract 4). */
export function refusalAnswer(refusal: Refusal): Answer {
  if (refusal.number === undefined) return { status: refusal.status, headers: {}, body: '' }
  const answer = jsonAnswer(refusal.status, {
    errorNumber: refusal.number,
    errorMessage: errorNumber(refusal.number).message,
    ...(refusal.info && { errorInfo: refusal.info }),
  })
  return {
    ...answer,
    headers: { ...answer.headers, ...refusal.headers },
    errorNumber: refusal.number,
  }
}

/** One HTTP call to Apple: what was asked goes in, a JSON object or a refusal comes out. Nothing is tried twice here. */
import { type Dispatcher, request } from 'undici'
import type { Clock } from '../model/clock.ts'
import { decodeFailure, longestText, readErrorNumber } from './decode-failure.ts'
import { meaningOf, meaningOfStatus, noUsableAnswer } from './errors.ts'
import { isJsonObject, type JsonObject } from './json.ts'
import { networkFailure, timedOut } from './network-failure.ts'
import { type Refusal, refusal } from './refusal.ts'
import { parseHttpDate, parseRetryAfter } from './retry-after.ts'

export interface Network {
  readonly dispatcher: Dispatcher
  /** For reading dates only: time-outs of a call run in real time, as the network does. */
  readonly clock: Clock
  /** From the first byte sent to the last one received, connecting included. */
  readonly requestTimeoutMs: number
  readonly maxAnswerBytes: number
}

export interface Call {
  readonly url: URL
  /** Names of what is asked, for people: holds no value that a token or a person could be known by. */
  readonly shape: string
  /** Sent byte for byte; absent = no login (service/config). */
  readonly credential?: string
  /** The lookup takes it as a cookie (Apple 8), everything else as bearer. */
  readonly credentialAs?: 'bearer' | 'cookie'
  /** Present = a POST with this as JSON. */
  readonly body?: JsonObject
  /** Texts in the body that no error may repeat. */
  readonly secrets?: readonly string[]
  /** What it means, for people, when nothing is known at this address. */
  readonly ifNotFound?: string
}

export type Outcome = (
  | { readonly ok: true; readonly body: JsonObject }
  | { readonly ok: false; readonly refusal: Refusal }
) & {
  /** Apple's clock as the answer gave it, milliseconds since 1970. */
  readonly appleTimeMs?: number
}

interface Answer {
  readonly status: number
  readonly retryAfter: string | undefined
  readonly date: string | undefined
  /** Undefined when it is longer than allowed. */
  readonly text: string | undefined
}

type Received =
  | { readonly ok: true; readonly answer: Answer }
  | { readonly ok: false; readonly refusal: Refusal }

/** Rejects only with the signal's reason, when the caller gives up. */
export async function call(network: Network, asked: Call, signal?: AbortSignal): Promise<Outcome> {
  signal?.throwIfAborted()
  const received = await receiveInTime(network, asked, signal)
  return received.ok ? outcomeOf(received.answer, asked, network) : received
}

async function receiveInTime(
  network: Network,
  asked: Call,
  signal?: AbortSignal,
): Promise<Received> {
  const lateness = new AbortController()
  const timer = setTimeout(() => lateness.abort(), network.requestTimeoutMs)
  try {
    const until = signal ? AbortSignal.any([signal, lateness.signal]) : lateness.signal
    return { ok: true, answer: await receive(network, asked, until) }
  } catch (error) {
    signal?.throwIfAborted()
    const { host } = asked.url
    const why = lateness.signal.aborted
      ? timedOut(network.requestTimeoutMs, host)
      : networkFailure(error, host)
    return { ok: false, refusal: why }
  } finally {
    clearTimeout(timer)
  }
}

async function receive(network: Network, asked: Call, signal: AbortSignal): Promise<Answer> {
  const { statusCode, headers, body } = await request(asked.url, {
    dispatcher: network.dispatcher,
    ...(asked.body && { method: 'POST', body: JSON.stringify(asked.body) }),
    headers: {
      accept: 'application/json',
      'user-agent': 'pomona',
      ...(asked.body && { 'content-type': 'application/json' }),
      ...login(asked),
    },
    signal,
    // The whole call has one time-out; the library's own for its parts must not come first.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length
    // Leaving the loop destroys the body and with it the connection.
    if (bytes > network.maxAnswerBytes) break
    chunks.push(chunk)
  }
  return {
    status: statusCode,
    retryAfter: single(headers['retry-after']),
    date: single(headers.date),
    text:
      bytes > network.maxAnswerBytes
        ? undefined
        : withoutSecrets(Buffer.concat(chunks).toString('utf8'), asked),
  }
}

function login({ credential, credentialAs = 'bearer' }: Call): Readonly<Record<string, string>> {
  if (credential === undefined) return {}
  return credentialAs === 'cookie'
    ? { cookie: `itvt=${credential}` }
    : { authorization: `Bearer ${credential}` }
}

/** The number first, then the status, then the data (Apple C2). */
function outcomeOf(answer: Answer, asked: Call, network: Network): Outcome {
  const { status } = answer
  const { host } = asked.url
  const appleTimeMs = parseHttpDate(answer.date)
  const time = appleTimeMs === undefined ? {} : { appleTimeMs }
  const retryAfterMs = parseRetryAfter(
    answer.retryAfter,
    appleTimeMs ?? network.clock.now().getTime(),
  )
  const refused = (why: Refusal): Outcome => ({
    ok: false,
    refusal: { ...why, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
    ...time,
  })

  const body = parsedObject(answer.text)
  const errorNumber = readErrorNumber(body?.errorNumber)
  if (body !== undefined && errorNumber !== undefined) {
    const meaning = meaningOf(errorNumber, status)
    const text = plainText(body.errorMessage, asked)
    const detail =
      meaning.reason === 'clientDefect' ? [text, `(${asked.shape})`].join(' ').trim() : text
    return refused({
      ...refusal(meaning, {
        errorNumber,
        httpStatus: status,
        ...(detail === '' ? {} : { detail }),
        ...(meaning.item && { item: decodeFailure({ ...body, errorNumber, errorMessage: text }) }),
      }),
      // A number is Apple's word that nothing was queued (Apple 2.1).
      isNotTaken: true,
    })
  }
  if (status < 200 || status > 299) {
    const detail =
      status === 404 && asked.ifNotFound !== undefined
        ? `HTTP 404 from ${host}: ${asked.ifNotFound}`
        : `HTTP ${status}`
    const why = refusal(meaningOfStatus(status), { httpStatus: status, detail, host })
    return refused(isSentElsewhere(status) ? { ...why, isNotTaken: true } : why)
  }
  if (body === undefined) {
    const detail =
      answer.text === undefined
        ? `the answer is longer than ${network.maxAnswerBytes} bytes`
        : 'the answer is not a JSON object'
    return refused(refusal(noUsableAnswer, { httpStatus: status, detail, host }))
  }
  return { ok: true, body, ...time }
}

/** Told to ask at another address, and not, as 303 may, where to find what came of it. */
function isSentElsewhere(status: number): boolean {
  return status >= 300 && status < 400 && status !== 303
}

function parsedObject(text: string | undefined): JsonObject | undefined {
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : undefined
  } catch {
    // Told apart by the caller, in words that do not repeat the body.
    return undefined
  }
}

/** Apple's words for people, short. JSON has more ways to write a character than the text was searched for. */
function plainText(value: unknown, asked: Call): string {
  return typeof value === 'string' ? withoutSecrets(value, asked).slice(0, longestText) : ''
}

/** A server may echo what it was sent; from here on nothing of it can reach an error or a log (Apple C12). */
function withoutSecrets(text: string, { credential, secrets = [] }: Call): string {
  let shown = credential === undefined ? text : without(text, credential, '[content token]')
  for (const secret of secrets) shown = without(shown, secret, '[secret]')
  return shown
}

function without(text: string, secret: string, replacement: string): string {
  const quoted = JSON.stringify(secret).slice(1, -1)
  const forms = new Set([secret, quoted, quoted.replaceAll('/', '\\/')])
  let shown = text
  for (const form of forms) if (form !== '') shown = shown.replaceAll(form, replacement)
  return shown
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header
}

/** Reads a `.vpptoken` file (Apple 1.2, 1.5). Pure, so that a page can preview a file before anything is sent. */
import { type Instant, parseDateTimeOffset } from './date-time-offset.ts'
import { isStorable } from './storable-text.ts'

export interface ContentToken {
  /** The credential for Apple: the outer base64 text, byte for byte. */
  readonly outer: string
  readonly organizationName: string
  readonly expiration: Instant
  /** Names of keys beyond the three known ones. */
  readonly unknownKeys: readonly string[]
}

export type ContentTokenClass = 'F01' | 'F02' | 'F03' | 'F03a' | 'F04' | 'F05' | 'F06'

/** Why a text is no content token: the class and the sentence of Apple 1.5. */
export interface ContentTokenProblem {
  readonly class: ContentTokenClass
  readonly message: string
}

export type ParsedContentToken =
  | { readonly ok: true; readonly value: ContentToken }
  | { readonly ok: false; readonly problem: ContentTokenProblem }

const maxBytes = 65_536
const longestValue = 4_096
const base64Form = /^[A-Za-z0-9+/]+={0,2}$/
const expDateForm = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)$/
const knownKeys = ['token', 'expDate', 'orgName'] as const

export function parseContentToken(text: string): ParsedContentToken {
  if (byteLength(text) > maxBytes)
    return refused(
      'F02',
      'This file is too large to be a content token. Choose the file that ends in .vpptoken.',
    )
  const trimmed = trimmedText(text)
  if (trimmed === '')
    return refused(
      'F01',
      'The file is empty. Download the content token again from Apple Business or Apple School Manager.',
    )
  if (trimmed.startsWith('-----BEGIN') || trimmed.includes('pkcs7-mime'))
    return refused(
      'F03a',
      'This is a certificate or a device enrolment server token (.p7m), not a content token. Download the content token under Apps and Books.',
    )
  const candidate = isBase64(trimmed) ? trimmed : trimmed.replace(/[\r\n]/g, '')
  if (!isBase64(candidate))
    return refused(
      'F03',
      'This is not a content token: the file is not base64 text. Choose the file that ends in .vpptoken.',
    )
  return credentialIn(trimmed, candidate)
}

/** Finds the layer that decodes to a JSON object: the text itself, or the text inside one more base64 layer. */
function credentialIn(trimmed: string, candidate: string): ParsedContentToken {
  const decoded = decodedText(candidate)
  const direct = jsonObject(decoded)
  if (direct) {
    // Line breaks are removed only from a layer that is taken off, never from the credential itself.
    if (candidate !== trimmed)
      return refused(
        'F03',
        'This is not a content token: the file is not base64 text. Choose the file that ends in .vpptoken.',
      )
    return facts(trimmed, direct)
  }
  const inner = decoded === undefined ? '' : trimmedText(decoded)
  const inside = isBase64(inner) ? jsonObject(decodedText(inner)) : undefined
  if (inside) return facts(inner, inside)
  return refused(
    'F04',
    'This file can be decoded but holds no content token. It may be damaged; download it again.',
  )
}

function facts(outer: string, object: Record<string, unknown>): ParsedContentToken {
  for (const key of knownKeys) {
    if (!isUsable(object[key], key === 'token' ? maxBytes : longestValue))
      return refused(
        'F05',
        `The content token has no usable value "${key}". Download it again and do not edit it.`,
      )
  }
  const expDate = String(object.expDate)
  const expiration = expDateForm.test(expDate) ? parseDateTimeOffset(expDate) : undefined
  if (!expiration)
    return refused(
      'F06',
      `The expiry date "${expDate.slice(0, 64)}" in the content token cannot be read. Download it again.`,
    )
  return {
    ok: true,
    value: {
      outer,
      organizationName: String(object.orgName),
      expiration: expiration.instant,
      unknownKeys: Object.keys(object).filter((key) => !knownKeys.some((known) => known === key)),
    },
  }
}

/** What is taken over into a record must fit there as if a caller had sent it. */
function isUsable(value: unknown, longest: number): boolean {
  return typeof value === 'string' && value !== '' && value.length <= longest && isStorable(value)
}

function refused(contentTokenClass: ContentTokenClass, message: string): ParsedContentToken {
  return { ok: false, problem: { class: contentTokenClass, message } }
}

/** Without a byte order mark and the blanks at both ends; by hand, since a pattern for it is slow on blanks inside. */
function trimmedText(text: string): string {
  let from = text.startsWith('\uFEFF') ? 1 : 0
  let to = text.length
  while (from < to && isBlank(text.charCodeAt(from))) from++
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--
  return text.slice(from, to)
}

function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d)
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && base64Form.test(text)
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length
}

function decodedText(base64: string): string | undefined {
  try {
    const characters = atob(base64)
    const bytes = new Uint8Array(characters.length)
    for (let at = 0; at < bytes.length; at++) bytes[at] = characters.charCodeAt(at)
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    // Not base64 or not UTF-8: the caller says so in its own words.
    return undefined
  }
}

function jsonObject(text: string | undefined): Record<string, unknown> | undefined {
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

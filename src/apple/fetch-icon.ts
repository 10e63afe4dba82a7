/** A picture from a host that is allowed: small, soon, and really a picture; nobody is followed elsewhere. */
import { type Dispatcher, request } from 'undici'
import type { AppMetadataSource } from '../ports/app-metadata.ts'

export interface IconSettings {
  readonly dispatcher: Dispatcher
  /** `host`, `host:port` or `*.domain`, which stands for every name below it. */
  readonly hosts: readonly string[]
  /** For a server on this machine that stands in for Apple's: plain http to a loopback address. */
  readonly isSimulated: boolean
  /** For the whole picture, in real time. */
  readonly timeoutMs: number
}

export const mostIconBytes = 256 * 1_024

export function createIconFetcher(settings: IconSettings): AppMetadataSource['fetchIcon'] {
  return async (text, signal) => {
    const url = URL.parse(text)
    if (url === null || !isAllowed(url, settings)) return null
    const late = AbortSignal.timeout(settings.timeoutMs)
    try {
      return await receive(
        url,
        settings.dispatcher,
        AbortSignal.any([late, ...(signal ? [signal] : [])]),
      )
    } catch {
      // For whatever reason there is no picture (ports/app-metadata.ts); only giving up is told.
      signal?.throwIfAborted()
      return null
    }
  }
}

function isAllowed(url: URL, { hosts, isSimulated }: IconSettings): boolean {
  const isSafe =
    url.protocol === 'https:' || (isSimulated && url.protocol === 'http:' && isLoopback(url))
  return isSafe && url.username === '' && hosts.some((host) => isHost(url, host))
}

function isHost({ host, port }: URL, allowed: string): boolean {
  return allowed.startsWith('*.')
    ? port === '' && host.endsWith(allowed.slice(1))
    : host === allowed
}

function isLoopback({ hostname }: URL): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}

async function receive(url: URL, dispatcher: Dispatcher, signal: AbortSignal) {
  const { statusCode, headers, body } = await request(url, {
    dispatcher,
    headers: { accept: 'image/png, image/jpeg', 'user-agent': 'pomona' },
    signal,
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  const declared = String(headers['content-type'] ?? '')
    .split(';')[0]
    ?.trim()
    .toLowerCase()
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length
    // Leaving the loop destroys the body and with it the connection.
    if (statusCode !== 200 || bytes > mostIconBytes) return null
    chunks.push(chunk)
  }
  const picture = Buffer.concat(chunks)
  const type = pictureType(picture)
  return type === undefined || type !== declared
    ? null
    : { type, value: picture.toString('base64') }
}

const beginnings = {
  'image/png': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  'image/jpeg': Buffer.from([0xff, 0xd8, 0xff]),
}

/** By its first bytes, whatever anybody calls it. */
function pictureType(bytes: Buffer): string | undefined {
  return Object.entries(beginnings).find(([, start]) =>
    bytes.subarray(0, start.length).equals(start),
  )?.[0]
}

/** One JSON document from an issuer's address. Follows no redirect: the address that was configured is the one that speaks. */
import { type Dispatcher, request } from 'undici'
import { IssuerTrouble } from './issuer-trouble.ts'

export type FetchJson = (url: string, signal: AbortSignal) => Promise<unknown>

/** Documents of real providers have a few kilobytes. */
const largestBytes = 256 * 1_024

/** Rejects with an IssuerTrouble. Through the dispatcher go proxies and connection limits. */
export function fetchJsonThrough(dispatcher: Dispatcher): FetchJson {
  return async (url, signal) => {
    const { statusCode, body } = await request(url, {
      dispatcher,
      signal,
      headers: { accept: 'application/json' },
    }).catch((cause: unknown) => {
      throw new IssuerTrouble('silent', cause)
    })
    if (statusCode !== 200) {
      // What is left of it is read and dropped, so that the connection can be used again.
      await body.dump({ limit: largestBytes }).catch(() => undefined)
      throw new IssuerTrouble(statusCode >= 300 && statusCode < 400 ? 'redirect' : 'refusing')
    }
    return parsed(await wholeText(body))
  }
}

async function wholeText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of body) {
      length += chunk.length
      if (length > largestBytes) throw new IssuerTrouble('unreadable')
      chunks.push(chunk)
    }
  } catch (error) {
    throw error instanceof IssuerTrouble ? error : new IssuerTrouble('silent', error)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new IssuerTrouble('unreadable', cause)
  }
}

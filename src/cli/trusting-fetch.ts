import { Agent, fetch } from 'undici'
import type { Fetch } from '../client/api.ts'

/** A fetch that trusts one CA, and a way to let go of its connections. */
export function trustingFetch(caPem: string): {
  readonly fetch: Fetch
  close(): Promise<void>
} {
  const dispatcher = new Agent({ connect: { ca: caPem } })
  return {
    fetch: (url, init) => fetch(url, { ...init, dispatcher }),
    close: () => dispatcher.close(),
  }
}

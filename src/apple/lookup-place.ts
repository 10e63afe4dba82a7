/** Where the lookup is asked, and whether a content token may go there (Apple 8, C14). */
import type { Clock } from '../model/clock.ts'
import type { Outcome } from './call.ts'
import { isJsonObject } from './json.ts'

/** Apple's own lookup; service/config may name another one. */
export const appleLookupUrl =
  'https://uclient-api.itunes.apple.com/WebObjects/MZStorePlatform.woa/wa/lookup'
/** Where the lookup lies on a server that stands in for Apple. */
export const lookupPath = new URL(appleLookupUrl).pathname

export interface LookupPlace {
  readonly url: URL
  readonly takesCredential: boolean
}

export interface LookupPlaceSettings {
  /** Asked there and nowhere else; absent = where service/config says if its host is allowed, else at `fallbackUrl`. */
  readonly url?: string
  readonly fallbackUrl: string
  /** `host` or `host:port`; content tokens go to these alone, whatever service/config says. */
  readonly credentialHosts: readonly string[]
  /** For a server that stands in for Apple: content tokens may cross plain http, as they do elsewhere there. */
  readonly isSimulated: boolean
}

export interface LookupPlaceReader {
  /** Never fails for Apple's sake. Rejects with the signal's reason. */
  read(signal?: AbortSignal): Promise<LookupPlace>
}

/** As for the limits: Apple asks to look into service/config every five minutes. */
const freshForMs = 5 * 60_000

export function createLookupPlaceReader(
  settings: LookupPlaceSettings,
  askServiceConfig: (signal?: AbortSignal) => Promise<Outcome>,
  clock: Clock,
): LookupPlaceReader {
  let known: { readonly url: URL; readonly atMs: number } | undefined

  const placeAt = (url: URL): LookupPlace => ({ url, takesCredential: isAllowed(url, settings) })

  return {
    async read(signal) {
      if (settings.url !== undefined) return placeAt(new URL(settings.url))
      const nowMs = clock.now().getTime()
      const ageMs = nowMs - (known?.atMs ?? Number.NEGATIVE_INFINITY)
      if (known === undefined || ageMs < 0 || ageMs >= freshForMs) {
        const told = addressIn(await askServiceConfig(signal))
        const url = told && isAllowed(told, settings) ? told : new URL(settings.fallbackUrl)
        known = { url, atMs: nowMs }
      }
      return placeAt(known.url)
    },
  }
}

function addressIn(outcome: Outcome): URL | null {
  const urls = outcome.ok ? outcome.body.urls : undefined
  const told = isJsonObject(urls) ? urls.contentMetadataLookup : undefined
  return typeof told === 'string' ? URL.parse(told) : null
}

function isAllowed(url: URL, { credentialHosts, isSimulated }: LookupPlaceSettings): boolean {
  const isSafe = url.protocol === 'https:' || (isSimulated && url.protocol === 'http:')
  return isSafe && credentialHosts.includes(url.host)
}

/** The store as a script, at the port: what it knows, and what it was asked. */
import { type AppleFinding, AppleTrouble } from '../../src/model/apple-finding.ts'
import { never } from '../../src/model/date-time-offset.ts'
import type { AppMetadata, AppMetadataSource } from '../../src/ports/app-metadata.ts'

export interface ScriptedStore extends AppMetadataSource {
  /** By `<platform> <country> <adamId>`, or by the adamId alone for every storefront. */
  readonly known: Map<string, AppMetadata>
  /** By url. */
  readonly pictures: Map<string, { readonly type: string; readonly value: string }>
  /** `<platform> <country> <adamIds>` of each lookup and `icon <url>`, in order. */
  readonly asked: string[]
  readonly credentials: Set<string>
  /** Happens before each answer; may throw. */
  beforeAnswer: (signal: AbortSignal | undefined) => Promise<void> | void
}

/** Knows nothing. */
export function scriptedStore(): ScriptedStore {
  const store: ScriptedStore = {
    known: new Map(),
    pictures: new Map(),
    asked: [],
    credentials: new Set(),
    beforeAnswer: () => undefined,
    async lookUp({ platform, country }, adamIds, credential, signal) {
      store.asked.push(`${platform} ${country} ${adamIds.join(',')}`)
      store.credentials.add(credential)
      await store.beforeAnswer(signal)
      return new Map(
        adamIds.flatMap((id) => {
          const metadata = store.known.get(`${platform} ${country} ${id}`) ?? store.known.get(id)
          return metadata ? [[id, metadata]] : []
        }),
      )
    },
    async fetchIcon(url, signal) {
      store.asked.push(`icon ${url}`)
      await store.beforeAnswer(signal)
      return store.pictures.get(url) ?? null
    },
  }
  return store
}

export function storeRow(displayName: string, part: Partial<AppMetadata> = {}): AppMetadata {
  return {
    displayName,
    bundleId: `test.pomona.${displayName.toLowerCase()}`,
    publisher: null,
    description: null,
    appStoreUrl: null,
    informationUrl: null,
    privacyInformationUrl: null,
    releaseDateTime: never,
    applicableDeviceType: null,
    genres: [],
    language: null,
    iconUrl: null,
    ...part,
  }
}

export function storeTrouble(part: Partial<AppleFinding> = {}): AppleTrouble {
  return new AppleTrouble({
    ...{ reason: 'appleUnavailable', isDefinite: false, detail: 'HTTP 503' },
    ...part,
  })
}

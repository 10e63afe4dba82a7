/** What the store says about apps and books: names, bundle ids, pictures (Apple section 8). */
import type { LibraryItem } from '../model/library-item.ts'

/** Which catalog is asked. */
export interface Storefront {
  /** `enterprisestore`, `volumestore`, or `macappstore` for what runs on a Mac. */
  readonly platform: 'enterprisestore' | 'volumestore' | 'macappstore'
  /** Two lower-case letters. */
  readonly country: string
}

/** Facts of one app or book; null = the store does not say. */
export type AppMetadata = Pick<
  LibraryItem,
  | 'bundleId'
  | 'publisher'
  | 'description'
  | 'appStoreUrl'
  | 'informationUrl'
  | 'privacyInformationUrl'
  | 'releaseDateTime'
  | 'applicableDeviceType'
  | 'genres'
  | 'language'
> & {
  readonly displayName: string | null
  /** Where a picture of 512 × 512 lies; null = none. */
  readonly iconUrl: string | null
}

export interface AppMetadataSource {
  /**
   * The facts of those adamIds that the store knows in this country, in any order of any number: calls are batched and paced
   * inside. An id that is missing in the answer is not known there. `credential` opens custom apps and is sent only when an id
   * was missing without it. Rejects with AppleTrouble when the store cannot be asked; what was learned by then is lost.
   */
  lookUp(
    storefront: Storefront,
    adamIds: readonly string[],
    credential: string,
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, AppMetadata>>
  /**
   * The picture behind a url: only from hosts that are allowed, without redirects, of a bounded size. Null when there is none
   * to be had for any reason.
   */
  fetchIcon(url: string, signal?: AbortSignal): Promise<LibraryItem['largeIcon']>
}

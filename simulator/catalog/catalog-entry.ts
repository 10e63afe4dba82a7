/** A JSON object of the lookup's answer, or a part of one. */
export type LookupData = Record<string, unknown>

export const artworkSources = ['example', 'simulator'] as const
export const artworkShapes = ['object', 'list'] as const

/** One app or book in the store (Apple contract 8), as the control plane can shape it. */
export interface CatalogEntry {
  /** Laid over what the simulator makes up; null is shown as null. */
  data: LookupData
  /** Laid over that for `platform=macappstore`. */
  mac: LookupData
  /** By upper-case country: laid over the rest; null where the app is not offered. */
  countries: Record<string, LookupData | null>
  /** Members that the answer does not have at all. */
  leaveOut: string[]
  /** A custom app is shown to holders of a content token only. */
  isCustom: boolean
  /** So is one that is no longer sold. */
  isSold: boolean
  /** `simulator`: icons that this simulator draws itself; `example`: an address where nothing is. */
  artworkSource: (typeof artworkSources)[number]
  artworkShape: (typeof artworkShapes)[number]
}

/** What is known of an app or book before anybody writes about it. */
export interface StoreItem {
  adamId: string
  kind: 'iosSoftware' | 'desktopApp' | 'epubBook'
  /** An iOS app that runs on a Mac, too. */
  isUniversal: boolean
  isDeviceAssignable: boolean
}

export function plainEntry(more: Partial<CatalogEntry> = {}): CatalogEntry {
  return {
    data: {},
    mac: {},
    countries: {},
    leaveOut: [],
    isCustom: false,
    isSold: true,
    artworkSource: 'simulator',
    artworkShape: 'object',
    ...more,
  }
}

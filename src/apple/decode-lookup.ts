/** What the store's lookup says of apps and books (Apple 8). Any field may be absent, null or of another shape: then it says nothing. */
import { type DateTimeOffset, never, parseDateTimeOffset } from '../model/date-time-offset.ts'
import { isStorable } from '../model/storable-text.ts'
import type { AppMetadata } from '../ports/app-metadata.ts'
import { artworkUrl } from './artwork-url.ts'
import { isJsonObject, type JsonObject, OtherShape } from './json.ts'
import { webUrl } from './web-url.ts'

/**
 * The facts by adamId. A country that the store does not serve is silently answered with another one's data: what is written
 * for the buyers there is left out then, what names the app is the same everywhere. Throws `OtherShape` without any results.
 */
export function decodeLookup(body: JsonObject, country: string): ReadonlyMap<string, AppMetadata> {
  const meta = objectIn(body.meta)
  const servedCountry = textIn(objectIn(meta.storefront).cc)?.toLowerCase() ?? country
  const language = textIn(objectIn(meta.language).tag)
  const { results } = body
  if (typeof results !== 'object' || results === null) throw new OtherShape('lookup.results')
  return new Map(
    Object.entries(results).flatMap(([key, item]): [string, AppMetadata][] => {
      const id = isJsonObject(item) ? idOf(item, key) : undefined
      if (!isJsonObject(item) || id === undefined) return []
      const metadata = { ...factsOf(item), language }
      return [[id, servedCountry === country ? metadata : withoutLocalText(metadata)]]
    }),
  )
}

function idOf({ id }: JsonObject, key: string): string | undefined {
  return [id, key].map(String).find((text) => /^\d{1,20}$/.test(text))
}

function factsOf(item: JsonObject): Omit<AppMetadata, 'language'> {
  const software = objectIn(item.softwareInfo)
  return {
    displayName: textIn(item.name),
    bundleId: textIn(item.bundleId),
    publisher: textIn(item.artistName),
    description: textIn(objectIn(item.description).standard, longestDescription),
    appStoreUrl: webUrl(item.url),
    informationUrl: webUrl(software.websiteUrl),
    privacyInformationUrl: webUrl(software.privacyPolicyUrl),
    releaseDateTime: releaseDate(item.releaseDate),
    applicableDeviceType: deviceType(item.deviceFamilies),
    genres: genres(item.genreNames),
    iconUrl: artworkUrl(item.artwork),
  }
}

function withoutLocalText(metadata: AppMetadata): AppMetadata {
  return { ...metadata, description: null, appStoreUrl: null, genres: [], language: null }
}

/** As declared in model/mobile-app.ts and model/managed-ebook.ts; what is longer is cut. */
const longestText = 4_096
/** More than twice what stores take; a page of a list can hold 999 of them. */
const longestDescription = 10_000
const longestGenre = 256
const mostGenres = 100

function objectIn(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {}
}

function textIn(value: unknown, longest = longestText): string | null {
  if (typeof value !== 'string' || value === '' || !isStorable(value)) return null
  const cut = value.slice(0, longest)
  return isStorable(cut) ? cut : cut.slice(0, -1)
}

/** A day, `yyyy-mm-dd`; year 1 = not known (graph 7.5). */
function releaseDate(value: unknown): DateTimeOffset {
  return (typeof value === 'string' && parseDateTimeOffset(`${value}T00:00:00Z`)) || never
}

function deviceType(families: unknown): AppMetadata['applicableDeviceType'] {
  if (!Array.isArray(families)) return null
  return {
    type: 'iosDeviceType',
    iPad: families.includes('ipad'),
    iPhoneAndIPod: families.includes('iphone') || families.includes('ipod'),
  }
}

function genres(names: unknown): readonly string[] {
  if (!Array.isArray(names)) return []
  return names.flatMap((name) => textIn(name, longestGenre) ?? []).slice(0, mostGenres)
}

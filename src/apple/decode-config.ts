/** Apple's `client/config` as Pomona keeps it (Apple 2.3, 9.1). Only `uId` must be there; the rest of the body is secret. */
import type { LocationConfig } from '../model/apple-rows.ts'
import { parseDateTimeOffset } from '../model/date-time-offset.ts'
import { type JsonObject, optionalText, type Part, part, text } from './json.ts'
import type { Surprises } from './surprises.ts'

type AccountType = NonNullable<LocationConfig['accountType']>

const configFields = new Set([
  'uId',
  'tokenExpirationDate',
  'mdmInfo',
  'countryISO2ACode',
  'defaultPlatform',
  'websiteURL',
  'locationName',
  'notificationUrl',
  'notificationAuthToken',
  'subscribedNotificationTypes',
  'apnToken',
])
const mdmFields = new Set(['id', 'name', 'metadata'])
const noneKnown: ReadonlySet<string> = new Set()

const platforms: ReadonlyMap<string, AccountType> = new Map([
  ['enterprisestore', 'business'],
  ['volumestore', 'education'],
])
const portals: ReadonlyMap<string, AccountType> = new Map([
  ['business.apple.com', 'business'],
  ['school.apple.com', 'education'],
])

/** Throws `OtherShape` when a field has another type than it should. */
export function decodeConfig(body: JsonObject, surprises: Surprises): LocationConfig {
  const config = part('clientConfig', body)
  surprises.fields(config, configFields)
  return {
    uId: text(config, 'uId'),
    locationName: optionalText(config, 'locationName'),
    country: country(config, surprises),
    accountType: accountType(config, surprises),
    tokenExpiration: tokenExpiration(config, surprises),
    mdm: mdm(config, surprises),
  }
}

/** What every other answer says of its location (Apple 2.1): all but its name, country and kind. */
export function decodeCommonConfig(body: JsonObject, surprises: Surprises): LocationConfig {
  const common = part('answer', body)
  return {
    uId: text(common, 'uId'),
    locationName: null,
    country: null,
    accountType: null,
    tokenExpiration: tokenExpiration(common, surprises),
    mdm: mdm(common, surprises),
  }
}

function country(config: Part, surprises: Surprises): string | null {
  const code = optionalText(config, 'countryISO2ACode')
  if (code === null || /^[A-Za-z]{2}$/.test(code)) return code?.toLowerCase() ?? null
  surprises.value(config, 'countryISO2ACode', code, noneKnown)
  return null
}

/** The platform decides; the portal only where the platform is absent or new. A difference between them is noted. */
function accountType(config: Part, surprises: Surprises): AccountType | null {
  const platform = optionalText(config, 'defaultPlatform')
  const website = optionalText(config, 'websiteURL')
  surprises.value(config, 'defaultPlatform', platform, new Set(platforms.keys()))
  const byPlatform = platform === null ? undefined : platforms.get(platform)
  const byPortal = website === null ? undefined : portals.get(hostOf(website))
  if (website !== null && (byPortal === undefined || (byPlatform ?? byPortal) !== byPortal))
    surprises.value(config, 'websiteURL', website, noneKnown)
  return byPlatform ?? byPortal ?? null
}

function tokenExpiration(config: Part, surprises: Surprises): string | null {
  const given = optionalText(config, 'tokenExpirationDate')
  if (given === null) return null
  const instant = parseDateTimeOffset(given)?.instant
  if (instant === undefined) surprises.value(config, 'tokenExpirationDate', given, noneKnown)
  return instant ?? null
}

/** An object without an id names nobody: how Apple shows an unset manager is not settled (Apple 7). */
function mdm(config: Part, surprises: Surprises): LocationConfig['mdm'] {
  if ((config.fields.mdmInfo ?? null) === null) return null
  const info = part('mdmInfo', config.fields.mdmInfo)
  surprises.fields(info, mdmFields)
  const id = optionalText(info, 'id')
  if (id === null || id === '') return null
  return { id, name: optionalText(info, 'name'), metadata: optionalText(info, 'metadata') }
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : ''
}

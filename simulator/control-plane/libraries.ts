import { noRows } from '../library/assignment-rows.ts'
import { defaultPlatforms, type Library, websiteOf } from '../library/library.ts'
import { currentVersionId } from '../library/versions.ts'
import { nextName } from '../world/made-ids.ts'
import { bodyOf, type ControlHandler, created, libraryOf, ok, worldOf } from './control-call.ts'
import { ControlError } from './control-error.ts'
import { type Decode, object, oneOf, optional, or, text, wrong } from './decode.ts'

/** Numbers above all that the seeds use; each stands for a list of versions of its own. */
const lastSeedLibrary = 7_000_000_000_001_000n

export const listLibraries: ControlHandler = (call) =>
  ok({ libraries: [...worldOf(call).state.libraries.values()].map(shownLibrary) })

export const getLibrary: ControlHandler = (call) => ok(shownLibrary(libraryOf(call)))

/** As Apple's answers have it: upper case. */
const country: Decode<string> = (value, name) => {
  const code = text(value, name)
  if (!/^[A-Za-z]{2}$/.test(code)) throw wrong(`${name} has to be a country of two letters: DE.`)
  return code.toUpperCase()
}

const newLibrary = object({
  uId: optional(text),
  orgName: or(text, 'Harbour Cranes GmbH'),
  locationName: text,
  country: or(country, 'DE'),
  defaultPlatform: or(oneOf(defaultPlatforms), 'enterprisestore' as const),
  websiteURL: optional(text),
})

export const createLibrary: ControlHandler = (call) => {
  const { state } = worldOf(call)
  const { uId: wanted, country, ...facts } = bodyOf(call, newLibrary)
  if (wanted !== undefined && !/^\d{1,18}$/.test(wanted)) {
    throw new ControlError(400, `"${wanted}" is no uId. Use up to 18 digits, or leave it out.`)
  }
  const uId =
    wanted ??
    nextName(
      state,
      'libraries',
      (number) => String(lastSeedLibrary + BigInt(number)),
      (name) => state.libraries.has(name),
    )
  if (state.libraries.has(uId)) {
    throw new ControlError(
      409,
      `There is a location ${uId} already. Leave uId out to get a new one.`,
    )
  }
  const library: Library = {
    uId,
    ...facts,
    websiteURL: facts.websiteURL ?? websiteOf(facts.defaultPlatform),
    countryISO2ACode: country,
    subscribedNotificationTypes: [],
    assets: [],
    assignments: noRows(),
    users: [],
    versions: { assets: 1, assignments: 1, users: 1 },
  }
  state.libraries.set(uId, library)
  return created(shownLibrary(library))
}

const libraryChange = object({
  orgName: optional(text),
  locationName: optional(text),
  country: optional(country),
  defaultPlatform: optional(oneOf(defaultPlatforms)),
  websiteURL: optional(text),
})

export const updateLibrary: ControlHandler = (call) => {
  const library = libraryOf(call)
  const change = bodyOf(call, libraryChange)
  library.orgName = change.orgName ?? library.orgName
  library.locationName = change.locationName ?? library.locationName
  library.countryISO2ACode = change.country ?? library.countryISO2ACode
  library.defaultPlatform = change.defaultPlatform ?? library.defaultPlatform
  library.websiteURL = change.websiteURL ?? library.websiteURL
  return ok(shownLibrary(library))
}

export function shownLibrary(library: Library) {
  return {
    uId: library.uId,
    orgName: library.orgName,
    locationName: library.locationName,
    country: library.countryISO2ACode,
    defaultPlatform: library.defaultPlatform,
    websiteURL: library.websiteURL,
    mdmInfo: library.mdmInfo ?? null,
    versionIds: {
      assets: currentVersionId(library, 'assets'),
      assignments: currentVersionId(library, 'assignments'),
      users: currentVersionId(library, 'users'),
    },
  }
}

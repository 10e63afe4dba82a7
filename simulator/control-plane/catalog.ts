import {
  artworkShapes,
  artworkSources,
  type CatalogEntry,
  type LookupData,
} from '../catalog/catalog-entry.ts'
import { findEntry, usualEntry } from '../catalog/store-item.ts'
import {
  bodyOf,
  type ControlCall,
  type ControlHandler,
  expectNoBody,
  gone,
  ok,
  paramOf,
  worldOf,
} from './control-call.ts'
import { ControlError } from './control-error.ts'
import {
  adamId,
  type Decode,
  flag,
  object,
  oneOf,
  optional,
  plainObject,
  texts,
  wrong,
} from './decode.ts'

const lookupData: Decode<LookupData> = plainObject

const ofCountries: Decode<CatalogEntry['countries']> = (value, name) =>
  Object.fromEntries(
    Object.entries(plainObject(value, name)).map(([country, data]) => {
      if (!/^[A-Za-z]{2}$/.test(country)) {
        throw wrong(`"${country}" in ${name} is no country. Use two letters.`)
      }
      const said = optional(lookupData)(data, `"${country}" in ${name}`)
      return [country.toUpperCase(), said ?? null]
    }),
  )

const entryBody = object({
  data: optional(lookupData),
  mac: optional(lookupData),
  countries: optional(ofCountries),
  leaveOut: optional(texts),
  custom: optional(flag),
  sold: optional(flag),
  artworkSource: optional(oneOf(artworkSources)),
  artworkShape: optional(oneOf(artworkShapes)),
})

/** Shapes what the lookup says of an adamId, known before or not; parts left out are what the seeds say of it. */
export const putCatalogEntry: ControlHandler = (call) => {
  const id = adamIdOf(call)
  const said = bodyOf(call, entryBody)
  const usual = usualEntry(id)
  const entry: CatalogEntry = {
    data: { ...usual.data, ...said.data },
    mac: said.mac ?? usual.mac,
    countries: said.countries ?? usual.countries,
    leaveOut: said.leaveOut ?? usual.leaveOut,
    isCustom: said.custom ?? usual.isCustom,
    isSold: said.sold ?? usual.isSold,
    artworkSource: said.artworkSource ?? usual.artworkSource,
    artworkShape: said.artworkShape ?? usual.artworkShape,
  }
  worldOf(call).state.catalog.set(id, entry)
  return ok({ adamId: id, ...shownEntry(entry) })
}

/** From now on the lookup does not know the adamId, whoever owns it. */
export const removeCatalogEntry: ControlHandler = (call) => {
  expectNoBody(call)
  const id = adamIdOf(call)
  const { state } = worldOf(call)
  if (findEntry(state, id) === undefined) {
    throw new ControlError(404, `The store of this world has no ${id}. Put it there first.`)
  }
  state.catalog.set(id, null)
  return gone
}

function adamIdOf(call: ControlCall): string {
  return adamId(paramOf(call, 'adamId'), 'The path')
}

function shownEntry({ isCustom, isSold, ...entry }: CatalogEntry) {
  return { ...entry, custom: isCustom, sold: isSold }
}

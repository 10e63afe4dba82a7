import { type LookupView, lookupResult } from '../catalog/lookup-result.ts'
import { findEntry } from '../catalog/store-item.ts'
import { languageOf, storefrontOf } from '../catalog/storefronts.ts'
import { tokenError } from '../tokens/token-state.ts'
import { type World, worldNow } from '../world/world.ts'
import { type Answer, jsonAnswer } from './answer.ts'
import { itvtOf } from './cookie.ts'
import type { OpenCall } from './request.ts'

export const lookupPath = '/WebObjects/MZStorePlatform.woa/wa/lookup'

/** How long an answer may be kept, in Apple's own words (Apple contract 8). */
const cacheControl = 'max-age=900'

/** Facts about apps and books, in the manners of Apple's store: whatever it cannot show is just not there. */
export function getLookup({ world, worldUrl, query, headers }: OpenCall): Answer {
  if (!query.get('caller')) return { status: 403, headers: {}, body: '' }
  const purpose = query.get('p')
  if (!purpose) return jsonAnswer(400, { status: 7011 })
  if (purpose !== 'mdm-lockup') return jsonAnswer(400, { status: 7012 })
  const storefront = storefrontOf(query.get('cc'))
  const isOldForm = query.get('version') === '1'
  const view: LookupView = {
    storefront,
    isOldForm,
    isForMac: query.get('platform') === 'macappstore',
    iconsUrl: `${worldUrl}/icons`,
  }
  const answer = jsonAnswer(200, {
    // False even for holders of a good token.
    isAuthenticated: false,
    version: isOldForm ? 1 : 2,
    meta: {
      storefront: { cc: storefront.cc, id: storefront.id },
      language: { tag: languageOf(storefront, query.get('l')) },
    },
    results: resultsOf(world, query.get('id') ?? '', view, isTrusted(world, headers.cookie)),
  })
  return { ...answer, headers: { ...answer.headers, 'cache-control': cacheControl } }
}

/** Unknown ids, hidden apps and text that is no id are missing alike, and order is not kept. */
function resultsOf(world: World, ids: string, view: LookupView, showsHidden: boolean) {
  const wanted = new Set(ids.split(',').map((id) => id.trim()))
  const results: Record<string, unknown> = {}
  for (const adamId of [...wanted].filter((id) => /^\d{1,18}$/.test(id)).sort()) {
    const found = findEntry(world.state, adamId)
    if (found === undefined) continue
    if ((found.entry.isCustom || !found.entry.isSold) && !showsHidden) continue
    const result = lookupResult(found.item, found.entry, view)
    if (result !== undefined) results[adamId] = result
  }
  return results
}

/** The cookie carries a content token of this world, byte for byte, and nothing is held against it. */
function isTrusted(world: World, cookie: string | undefined): boolean {
  const outer = itvtOf(cookie)
  const token = world.state.tokens.find((candidate) => candidate.outer === outer)
  return (
    token !== undefined && tokenError(token, worldNow(world), world.state.switches) === undefined
  )
}

import { paramsOf } from '../server/path-pattern.ts'
import { putCatalogEntry, removeCatalogEntry } from './catalog.ts'
import { getClock, postClock } from './clock.ts'
import type { ControlHandler } from './control-call.ts'
import { ControlError } from './control-error.ts'
import {
  addEventScript,
  finish,
  listAllEvents,
  listEventScripts,
  removeEventScript,
} from './events.ts'
import { addFault, listFaults, removeFault } from './faults.ts'
import {
  acceptInvite,
  buy,
  foreignAssociate,
  foreignDisassociate,
  refund,
  removeMdmInfo,
  setMdmInfo,
  transfer,
} from './foreign-writes.ts'
import { generate } from './generate.ts'
import { assertJournal, clearJournal, getJournal } from './journal.ts'
import { createLibrary, getLibrary, listLibraries, updateLibrary } from './libraries.ts'
import { drop, hold, listNotifications, redeliver, removeRules, send } from './notifications.ts'
import { getDescription } from './openapi.ts'
import { getSettings, updateSettings } from './settings.ts'
import { getSwitches, updateSwitches } from './switches.ts'
import { issueToken, listTokens, loseAccount, setStanding } from './tokens.ts'
import { getTruth } from './truth.ts'
import { addWalkScript, listWalkScripts, removeWalkScript } from './walk-scripts.ts'
import {
  addSnapshot,
  addWorld,
  getHealth,
  listSeeds,
  removeSnapshot,
  removeWorld,
  resetToSeeds,
  restore,
} from './worlds.ts'

interface Route {
  method: string
  path: string
  handle: ControlHandler
}

const world = '/simulator/worlds/{world}'
const library = `${world}/libraries/{uId}`
const token = `${world}/tokens/{tokenId}`

/** Apple contract 11.5. */
export const routes: readonly Route[] = [
  route('GET', '/simulator/health', getHealth),
  route('GET', '/simulator/openapi.json', getDescription),
  route('GET', '/simulator/seeds', listSeeds),
  route('POST', '/simulator/worlds', addWorld),
  route('DELETE', world, removeWorld),
  route('POST', `${world}/reset`, resetToSeeds),
  route('POST', `${world}/snapshots`, addSnapshot),
  route('POST', `${world}/snapshots/{name}/restore`, restore),
  route('DELETE', `${world}/snapshots/{name}`, removeSnapshot),
  route('GET', `${world}/clock`, getClock),
  route('POST', `${world}/clock`, postClock),
  route('GET', `${world}/switches`, getSwitches),
  route('PATCH', `${world}/switches`, updateSwitches),
  route('GET', `${world}/settings`, getSettings),
  route('PATCH', `${world}/settings`, updateSettings),
  route('GET', `${world}/libraries`, listLibraries),
  route('POST', `${world}/libraries`, createLibrary),
  route('GET', library, getLibrary),
  route('PATCH', library, updateLibrary),
  route('GET', `${library}/tokens`, listTokens),
  route('POST', `${library}/tokens`, issueToken),
  route('POST', `${token}/revoke`, setStanding('revoked')),
  route('POST', `${token}/expire`, setStanding('expired')),
  route('POST', `${token}/forget`, setStanding('unknown')),
  route('POST', `${token}/legacy`, setStanding('legacy')),
  route('POST', `${token}/restore`, setStanding('valid')),
  route('POST', `${world}/accounts/{account}/password-changed`, loseAccount),
  route('POST', `${world}/accounts/{account}/left`, loseAccount),
  route('POST', `${library}/buy`, buy),
  route('POST', `${library}/refund`, refund),
  route('POST', `${library}/assignments`, foreignAssociate),
  route('DELETE', `${library}/assignments`, foreignDisassociate),
  route('PUT', `${library}/mdm-info`, setMdmInfo),
  route('DELETE', `${library}/mdm-info`, removeMdmInfo),
  route('POST', `${library}/users/{clientUserId}/accept-invite`, acceptInvite),
  route('GET', `${library}/truth`, getTruth),
  route('GET', `${world}/walk-scripts`, listWalkScripts),
  route('POST', `${world}/walk-scripts`, addWalkScript),
  route('DELETE', `${world}/walk-scripts/{id}`, removeWalkScript),
  route('GET', `${world}/faults`, listFaults),
  route('POST', `${world}/faults`, addFault),
  route('DELETE', `${world}/faults/{id}`, removeFault),
  route('GET', `${world}/journal`, getJournal),
  route('DELETE', `${world}/journal`, clearJournal),
  route('POST', `${world}/journal/assert`, assertJournal),
  route('POST', `${world}/transfers`, transfer),
  route('PUT', `${world}/catalog/{adamId}`, putCatalogEntry),
  route('DELETE', `${world}/catalog/{adamId}`, removeCatalogEntry),
  route('GET', `${world}/events`, listAllEvents),
  route('GET', `${world}/event-scripts`, listEventScripts),
  route('POST', `${world}/event-scripts`, addEventScript),
  route('DELETE', `${world}/event-scripts/{id}`, removeEventScript),
  route('POST', `${world}/events/{eventId}/finish`, finish),
  route('GET', `${world}/notifications`, listNotifications),
  route('POST', `${world}/notifications/send`, send),
  route('POST', `${world}/notifications/redeliver`, redeliver),
  route('POST', `${world}/notifications/hold`, hold),
  route('POST', `${world}/notifications/drop`, drop),
  route('DELETE', `${world}/notifications/rules`, removeRules),
  route('POST', `${library}/generate`, generate),
]

function route(method: string, path: string, handle: ControlHandler): Route {
  return { method, path, handle }
}

export function findRoute(
  method: string,
  path: string,
): { handle: ControlHandler; params: Record<string, string> } {
  const here = routes.flatMap((candidate) => {
    const params = paramsOf(candidate.path, path)
    return params ? [{ ...candidate, params }] : []
  })
  if (here.length === 0) {
    throw new ControlError(
      404,
      `The control plane has no path ${path}. See the simulator's README.`,
    )
  }
  const found = here.find((candidate) => candidate.method === method)
  if (found === undefined) {
    const methods = here.map((candidate) => candidate.method).join(', ')
    throw new ControlError(400, `${path} does not take ${method}. Use ${methods}.`)
  }
  return { handle: found.handle, params: decoded(found.params) }
}

function decoded(params: Record<string, string>): Record<string, string> {
  const parts = Object.entries(params).map(([name, part]) => [name, decodeURIComponent(part)])
  return Object.fromEntries(parts)
}

/** One run's conversation with Apple about one location. */
import { AppleTrouble } from '../model/apple-finding.ts'
import type { Assignment, LocationConfig } from '../model/apple-rows.ts'
import type { AssignmentFilter } from '../model/apple-write.ts'
import type { AppleConversation, ApplePage } from '../ports/apple-vpp.ts'
import { createAsking, type SoFar, type Surroundings } from './asking.ts'
import { configBody, faultInConfig, showsConfig } from './config-request.ts'
import {
  type DecodedPage,
  type DecodePage,
  decodeAssetPage,
  decodeAssignmentPage,
  decodeUserPage,
} from './decode.ts'
import { decodeCommonConfig, decodeConfig } from './decode-config.ts'
import { decodeEventId, decodeEventStatus } from './decode-event.ts'
import type { Query, ReadEndpoint } from './endpoints.ts'
import { createNotes } from './notes.ts'
import { walkPages } from './pages.ts'
import { freshRetries } from './retry.ts'
import { faultIn, writeRequest } from './write-request.ts'

export function openConversation(
  around: Surroundings,
  credential: string,
  locationKey: string,
  signal?: AbortSignal,
): AppleConversation {
  const notes = createNotes()
  const retries = freshRetries({
    ...{ clock: around.network.clock, random: around.random },
    waits: (ms) => {
      notes.counts.waitedMs += ms
    },
  })
  return conversationAs(around, { notes, retries }, credential, locationKey, signal)
}

function conversationAs(
  around: Surroundings,
  soFar: SoFar,
  credential: string,
  locationKey: string,
  signal?: AbortSignal,
): AppleConversation {
  const { limits } = around
  const { notes } = soFar
  const { surprises } = notes
  const asking = createAsking(around, soFar, credential, locationKey, signal)
  const readLimits = () => limits.read(signal, notes.refused)

  function walk<Row>(endpoint: ReadEndpoint, decodePage: DecodePage<Row>, query: Query = {}) {
    return walkPages<Row>(async (pageIndex, until): Promise<DecodedPage<Row>> => {
      const page = await asking.read(
        endpoint,
        { ...query, pageIndex },
        (body) => decodePage(body, pageIndex, surprises),
        until,
      )
      notes.counts.pages += 1
      return page
    }, signal)
  }

  async function* walkAssignmentsOf(
    filter: AssignmentFilter,
  ): AsyncGenerator<ApplePage<Assignment>> {
    // Whether each filter is heeded is not settled by any source.
    for await (const page of walk('assignments', decodeAssignmentPage, filterQuery(filter)))
      yield { ...page, rows: page.rows.filter((row) => isOf(filter, row)) }
  }

  async function readConfig(): Promise<LocationConfig> {
    try {
      return await asking.read('client/config', {}, (body) => decodeConfig(body, surprises))
    } catch (error) {
      if (!isRightMissing(error)) throw error
      // A read-only account may ask for the three lists alone (Apple 1.3); their answers name the location too.
      return asking.read('assets', { pageIndex: 0 }, (body) => decodeCommonConfig(body, surprises))
    }
  }

  return {
    readConfig,
    walkAssets: () => walk('assets', decodeAssetPage),
    walkAssignments: (since) => walk('assignments', decodeAssignmentPage, sinceQuery(since)),
    walkUsers: (since) => walk('users', decodeUserPage, sinceQuery(since)),
    walkAssignmentsOf,
    async hasAssignment(wanted) {
      const { adamId, pricingParam, targetKind, target } = wanted
      const query = { adamId, pricingParam, [targetKind]: target }
      for await (const { rows } of walk('assignments', decodeAssignmentPage, query)) {
        if (rows.some((row) => isOf(wanted, row) && isOf({ targetKind, target }, row))) return true
      }
      return false
    },
    async send(write) {
      const fault = faultIn(write, await readLimits())
      if (fault) throw new AppleTrouble({ reason: 'clientDefect', isDefinite: false, ...fault })
      const eventId = await asking.write(writeRequest(write), (body) =>
        decodeEventId(body, surprises),
      )
      return { eventId }
    },
    readEvent: (eventId) =>
      asking.read('status', { eventId }, (body) => decodeEventStatus(body, surprises)),
    async configure(change) {
      const fault = faultInConfig(change, await readLimits())
      if (fault) throw new AppleTrouble({ isDefinite: false, ...fault })
      const secrets = change.notifications ? [change.notifications.token] : []
      return asking.write(
        { endpoint: 'client/config', body: configBody(change), secrets },
        (body) => decodeConfig(body, surprises),
      )
    },
    isConfigured: (change) => asking.read('client/config', {}, (body) => showsConfig(body, change)),
    readLimits,
    expectLocation: asking.expectLocation,
    continueAs: (next) => conversationAs(around, soFar, next, locationKey, signal),
    log: notes.log,
  }
}

function sinceQuery(since: string | undefined): Query {
  return since === undefined ? {} : { sinceVersionId: since }
}

function filterQuery(filter: AssignmentFilter): Query {
  if (!('adamId' in filter)) return { [filter.targetKind]: filter.target }
  return { adamId: filter.adamId, pricingParam: filter.pricingParam }
}

function isOf(filter: AssignmentFilter, row: Assignment): boolean {
  return 'adamId' in filter
    ? row.adamId === filter.adamId && row.pricingParam === filter.pricingParam
    : row.targetKind === filter.targetKind && row.target === filter.target
}

function isRightMissing(error: unknown): boolean {
  return error instanceof AppleTrouble && error.finding.reason === 'insufficientRights'
}

/** What a conversation has done and seen so far (Apple C13, C16): counts, novelties, and who manages the location. */
import type { AppleFinding } from '../model/apple-finding.ts'
import type { AppleRefusal } from '../model/sync-run.ts'
import type { ConversationLog } from '../ports/apple-vpp.ts'
import { isJsonObject, type JsonObject } from './json.ts'
import { createSurprises, type Surprises } from './surprises.ts'

export interface Notes {
  readonly counts: { requests: number; pages: number; tries: number; waitedMs: number }
  readonly surprises: Surprises
  /** Takes down whom a good answer names as manager (Apple 7). */
  watchMdm(body: JsonObject): void
  refused(finding: AppleFinding): void
  readonly log: ConversationLog
}

/** A location that changes hands more often within one conversation is told of by the first ones. */
const maxMdmIds = 1_000
/** Refusals that are told apart. */
const maxRefusals = 100

export function createNotes(): Notes {
  const counts = { requests: 0, pages: 0, tries: 0, waitedMs: 0 }
  const surprises = createSurprises()
  const mdmIds: (string | null)[] = []
  const refusals = new Map<string, AppleRefusal>()
  return {
    counts,
    surprises,
    watchMdm(body) {
      const id = mdmIdIn(body)
      // One that comes back is news again: whoever is told compares every answer.
      const isNews = mdmIds.length === 0 || mdmIds.at(-1) !== id
      if (isNews && mdmIds.length < maxMdmIds) mdmIds.push(id)
    },
    refused({ errorNumber = null, httpStatus = null, detail: text = null }) {
      const key = JSON.stringify([errorNumber, httpStatus, text])
      const known = refusals.get(key)
      if (known === undefined && refusals.size >= maxRefusals) return
      refusals.set(key, { errorNumber, httpStatus, text, times: (known?.times ?? 0) + 1 })
    },
    log: {
      get requests() {
        return counts.requests
      },
      get pages() {
        return counts.pages
      },
      get tries() {
        return counts.tries
      },
      get waitedMs() {
        return counts.waitedMs
      },
      get unknownFields() {
        return surprises.names
      },
      get refusals() {
        return [...refusals.values()]
      },
      get mdmIds() {
        return [...mdmIds]
      },
    },
  }
}

/** How Apple shows that there is none is not settled: absent, null, or without an id. */
function mdmIdIn({ mdmInfo }: JsonObject): string | null {
  const id = isJsonObject(mdmInfo) ? mdmInfo.id : null
  return typeof id === 'string' && id !== '' ? id : null
}

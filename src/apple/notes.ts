/** What a conversation has done and seen so far (Apple C13, C16): counts, novelties, and who manages the location. */
import type { ConversationLog } from '../ports/apple-vpp.ts'
import { isJsonObject, type JsonObject } from './json.ts'
import { createSurprises, type Surprises } from './surprises.ts'

export interface Notes {
  readonly counts: { requests: number; pages: number; tries: number; waitedMs: number }
  readonly surprises: Surprises
  /** Takes down whom a good answer names as manager (Apple 7). */
  watchMdm(body: JsonObject): void
  readonly log: ConversationLog
}

/** A location that changes hands more often within one conversation is told of by the first ones. */
const maxMdmIds = 20

export function createNotes(): Notes {
  const counts = { requests: 0, pages: 0, tries: 0, waitedMs: 0 }
  const surprises = createSurprises()
  const mdmIds = new Set<string | null>()
  return {
    counts,
    surprises,
    watchMdm(body) {
      if (mdmIds.size < maxMdmIds) mdmIds.add(mdmIdIn(body))
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

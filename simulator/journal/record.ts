import type { Answer } from '../data-plane/answer.ts'
import { bearerText } from '../data-plane/bearer.ts'
import type { Arrival } from '../data-plane/request.ts'
import type { FaultAction } from '../faults/fault.ts'
import { fingerprintOf } from '../tokens/token-file.ts'
import { type World, worldNow } from '../world/world.ts'
import { credentialHeader, credentialOf } from './credential.ts'
import type { JournalEntry } from './entry.ts'
import { addressWithoutSecrets, bodyWithoutSecrets, secretsOf } from './secrets.ts'

const asText = (ms: number) => new Date(ms).toISOString()

/** A simulator that runs for weeks must not eat the machine: the oldest tenth goes. */
const mostEntries = 100_000

export function openEntry({ world, call, token, inFlight }: Arrival): JournalEntry {
  const header = credentialHeader(call)
  const bearer = bearerText(header)
  world.calls.lastSeq += 1
  const entry: JournalEntry = {
    seq: world.calls.lastSeq,
    realStart: asText(world.time.now()),
    realEnd: null,
    virtualStart: asText(worldNow(world)),
    virtualEnd: null,
    world: world.name,
    uId: token?.uId ?? null,
    tokenFingerprint: bearer === undefined ? null : fingerprintOf(bearer),
    credential: credentialOf(header, world.state.tokens),
    method: call.method,
    ...addressWithoutSecrets(call.path, call.query, secretsOf(world, bearer)),
    body: null,
    status: null,
    errorNumber: null,
    retryAfter: null,
    page: null,
    ruleId: null,
    effect: null,
    eventId: null,
    inFlight,
    isBroken: false,
  }
  world.journal.push(entry)
  if (world.journal.length > mostEntries) world.journal.splice(0, mostEntries / 10)
  return entry
}

export function recordBody(entry: JournalEntry, world: World, bodyText: string): void {
  entry.body = bodyWithoutSecrets(bodyText, secretsOf(world, undefined))
}

export function closeEntry(
  entry: JournalEntry,
  world: World,
  answer: Answer,
  fault: { id: string; action: FaultAction } | undefined,
): void {
  const cut = fault?.action.cut ?? 'none'
  entry.realEnd = asText(world.time.now())
  entry.virtualEnd = asText(worldNow(world))
  entry.ruleId = fault?.id ?? null
  entry.effect = answer.effect ?? null
  entry.eventId = answer.eventId ?? null
  entry.isBroken =
    cut !== 'none' || fault?.action.truncateAt !== undefined || fault?.action.body !== undefined
  if (cut === 'beforeHeaders') return
  entry.status = answer.status
  entry.errorNumber = answer.errorNumber ?? null
  entry.retryAfter = answer.headers['retry-after'] ?? null
  entry.page = entry.isBroken ? null : (answer.page ?? null)
}

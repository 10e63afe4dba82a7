/** A conversation with a scripted server on a turned clock. */
import { Agent } from 'undici'
import { onTestFinished } from 'vitest'
import { type AppleVppSettings, createAppleVpp } from '../src/apple/apple-vpp.ts'
import { AppleTrouble } from '../src/model/apple-finding.ts'
import type { Observation } from '../src/model/observation.ts'
import type { AppleConversation, AppleVpp } from '../src/ports/apple-vpp.ts'
import { type ScriptedServer, startScriptedServer } from './scripted-server.ts'
import { createTurnedClock, type TurnedClock } from './turned-clock.ts'

export const credential =
  'eyJ0b2tlbiI6Im1hZGUtdXAvdG9rZW4+Pz8/IiwiZXhwRGF0ZSI6IiIsIm9yZ05hbWUiOiI/Pz8ifQ/+'
export const start = new Date('2026-12-01T09:00:00.000Z')

/** Apple's samples of seed `small` (Apple 2.3 to 2.6), with what every good answer carries. */
export const common = {
  uId: '7000000000000001',
  tokenExpirationDate: '2027-03-01T08:00:00+0000',
}
export const goodConfig = { json: { ...common, locationName: 'Kiel Depot' } }

export interface Opened {
  readonly server: ScriptedServer
  readonly clock: TurnedClock
  readonly vpp: AppleVpp
  readonly conversation: AppleConversation
  readonly observed: readonly Observation[]
}

/** `random` is always one half unless given. */
export async function open(
  settings: Partial<AppleVppSettings> = {},
  signal?: AbortSignal,
): Promise<Opened> {
  const server = await startScriptedServer()
  server.script('/mdm/v2/service/config', { json: { limits: { maxRequestPerSecond: 15 } } })
  const clock = createTurnedClock(start)
  const observed: Observation[] = []
  const dispatcher = new Agent()
  onTestFinished(() => dispatcher.destroy())
  const vpp = createAppleVpp({
    baseUrl: `${server.origin}/mdm/v2`,
    dispatcher,
    clock,
    random: () => 0.5,
    requestTimeoutMs: 60_000,
    // Apple's clock is the real one here, the service's is not: only tests about skew care.
    observe: (observation) => observed.push(observation),
    ...settings,
  })
  return { server, clock, vpp, observed, conversation: vpp.converse(credential, 'key', signal) }
}

/** The trouble that a question must end in. */
export async function troubleOf(asked: Promise<unknown>): Promise<AppleTrouble> {
  const thrown = await asked.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(thrown instanceof AppleTrouble))
    throw new Error('no AppleTrouble was thrown', { cause: thrown })
  return thrown
}

export async function collect<T>(pages: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = []
  for await (const page of pages) all.push(page)
  return all
}

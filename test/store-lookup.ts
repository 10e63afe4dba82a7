/** A lookup on a scripted server and a turned clock. */
import { Agent } from 'undici'
import { onTestFinished } from 'vitest'
import { type AppMetadataSettings, createAppMetadata } from '../src/apple/app-metadata.ts'
import type { AppMetadataSource, Storefront } from '../src/ports/app-metadata.ts'
import { type ScriptedServer, startScriptedServer } from './scripted-server.ts'
import { createTurnedClock, type TurnedClock } from './turned-clock.ts'

export const credential =
  'eyJ0b2tlbiI6Im1hZGUtdXAvdG9rZW4+Pz8/IiwiZXhwRGF0ZSI6IiIsIm9yZ05hbWUiOiI/Pz8ifQ/+'
export const germany: Storefront = { platform: 'enterprisestore', country: 'de' }
export const lookupPath = '/WebObjects/MZStorePlatform.woa/wa/lookup'

export interface OpenedLookup {
  readonly server: ScriptedServer
  readonly clock: TurnedClock
  readonly source: AppMetadataSource
  /** `<ids> <cookie or none>` of each question so far. */
  asked(): readonly string[]
}

/** The lookup is on the server itself, and its host may get content tokens, unless the settings say otherwise. */
export async function openLookup(
  settings: (server: ScriptedServer) => Partial<AppMetadataSettings> = () => ({}),
): Promise<OpenedLookup> {
  const server = await startScriptedServer()
  const clock = createTurnedClock(new Date('2026-12-01T09:00:00.000Z'))
  const dispatcher = new Agent()
  onTestFinished(() => dispatcher.destroy())
  const source = createAppMetadata({
    baseUrl: `${server.origin}/mdm/v2`,
    lookup: {
      fallbackUrl: `${server.origin}${lookupPath}`,
      credentialHosts: [new URL(server.origin).host],
      isSimulated: true,
    },
    iconHosts: [new URL(server.origin).host],
    dispatcher,
    clock,
    random: () => 0.5,
    ...settings(server),
  })
  return {
    server,
    clock,
    source,
    asked: () =>
      server
        .of(lookupPath)
        .map(({ query, headers }) => `${query.id} ${headers.cookie ?? 'without cookie'}`),
  }
}

/** An answer that knows these ids, each by a name made of its number. */
export function lookupAnswer(...adamIds: readonly string[]) {
  return {
    json: {
      isAuthenticated: false,
      version: 2,
      meta: { storefront: { cc: 'DE', id: '143443' }, language: { tag: 'de-de' } },
      results: Object.fromEntries(adamIds.map((id) => [id, { id, name: `App ${id}` }])),
    },
  }
}

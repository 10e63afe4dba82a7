/** Asks those that the settings name whether they are there: Apple's service and the issuers. Sends no credential. */
import { readFile } from 'node:fs/promises'
import { type Dispatcher, request } from 'undici'
import { createAppleDispatcher } from '../apple/dispatcher.ts'
import { addressOf, appleBaseUrl } from '../apple/endpoints.ts'
import { fetchJsonThrough } from '../auth/fetch-json.ts'
import { IssuerTrouble } from '../auth/issuer-trouble.ts'
import { publishedKeys } from '../auth/published-keys.ts'
import type { ResolvedSettings, SettingProblem } from './read-settings.ts'
import type { ServiceSettingName } from './settings.ts'

type Resolved = ResolvedSettings<ServiceSettingName>

const limitMs = 10_000

export async function onlineProblems({ values }: Resolved): Promise<readonly SettingProblem[]> {
  const caFile = values['apple-ca']
  const caPem = caFile === undefined ? undefined : await readFile(caFile, 'utf8').catch(() => '')
  const dispatcher = createAppleDispatcher({
    ...(caPem ? { caPem } : {}),
    connectTimeoutMs: limitMs,
    environment: process.env,
  })
  try {
    return [
      ...(await appleProblems(values['apple-mode'], values['apple-url'], dispatcher)),
      ...(await issuerProblems(values.issuer ?? [], dispatcher)),
    ]
  } finally {
    await dispatcher.close()
  }
}

/** Whatever it answers, it is there; `service/config` needs no content token. */
async function appleProblems(
  mode: Resolved['values']['apple-mode'],
  url: string | undefined,
  dispatcher: Dispatcher,
): Promise<readonly SettingProblem[]> {
  if (mode === 'off' || (mode === 'simulated' && url === undefined)) return []
  const address = addressOf(url ?? appleBaseUrl, 'service/config')
  const trouble = await troubleAt(address, dispatcher)
  if (trouble === undefined) return []
  return [
    {
      setting: 'apple-url',
      message: `Apple's service at ${address.origin} ${trouble}. Check the way there (HTTPS_PROXY, --apple-ca, --apple-url), or use --apple-mode off.`,
    },
  ]
}

async function troubleAt(address: URL, dispatcher: Dispatcher): Promise<string | undefined> {
  try {
    const signal = AbortSignal.timeout(limitMs)
    const { statusCode, body } = await request(address, { dispatcher, signal })
    await body.dump()
    return statusCode === 404 ? `has nothing at ${address.pathname} (HTTP 404)` : undefined
  } catch (error) {
    const { code, name } = error as { readonly code?: string; readonly name?: string }
    return `cannot be reached (${code ?? name})`
  }
}

/** A URL with {tid} names an issuer for each tenant; those are asked when their tokens come. */
async function issuerProblems(
  issuers: NonNullable<Resolved['values']['issuer']>,
  dispatcher: Dispatcher,
): Promise<readonly SettingProblem[]> {
  const fetchJson = fetchJsonThrough(dispatcher)
  const problems: SettingProblem[] = []
  for (const { issuer, tenants } of issuers) {
    if (tenants === 'fromIssuer') continue
    try {
      await publishedKeys(issuer, fetchJson, AbortSignal.timeout(limitMs))
    } catch (error) {
      if (!(error instanceof IssuerTrouble)) throw error
      problems.push({
        setting: 'issuer',
        message: `Of the issuer ${issuer} the keys are not to be had, because ${error.message}. Check --issuer, and the way there.`,
      })
    }
  }
  return problems
}

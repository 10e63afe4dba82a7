/** The store's lookup and its pictures behind the port. */
import type { Dispatcher } from 'undici'
import type { Clock } from '../model/clock.ts'
import type { AppMetadataSource } from '../ports/app-metadata.ts'
import { call, type Network } from './call.ts'
import { addressOf, shapeOf } from './endpoints.ts'
import { createIconFetcher } from './fetch-icon.ts'
import { createLookup } from './lookup.ts'
import { createLookupPlaceReader, type LookupPlaceSettings } from './lookup-place.ts'

export interface AppMetadataSettings {
  /** Of Apple's service, for its service/config. */
  readonly baseUrl: string
  readonly lookup: LookupPlaceSettings
  /** A BCP 47 tag; absent = the storefront's own language. */
  readonly language?: string
  readonly iconHosts: readonly string[]
  /** How Apple is reached (dispatcher.ts); whoever made it closes it. */
  readonly dispatcher: Dispatcher
  readonly clock: Clock
  /** 0 up to, not including, 1; spreads the waits between tries. */
  readonly random: () => number
}

/** Names and pictures are not worth a long wait. In real time. */
const timeouts = { lookupMs: 10_000, iconMs: 5_000 }
/** A hundred apps with the longest descriptions that a store takes. */
const maxAnswerBytes = 8 * 1_024 * 1_024

export function createAppMetadata(settings: AppMetadataSettings): AppMetadataSource {
  const { baseUrl, lookup, language, iconHosts, dispatcher, clock, random } = settings
  const network: Network = {
    dispatcher,
    clock,
    requestTimeoutMs: timeouts.lookupMs,
    maxAnswerBytes,
  }
  const serviceConfig = {
    url: addressOf(baseUrl, 'service/config'),
    shape: shapeOf('service/config'),
  }
  const place = createLookupPlaceReader(
    lookup,
    (signal) => call(network, serviceConfig, signal),
    clock,
  )
  return {
    lookUp: createLookup({
      ...{ place, network, random },
      ...(language === undefined ? {} : { language }),
    }),
    fetchIcon: createIconFetcher({
      dispatcher,
      hosts: iconHosts,
      isSimulated: lookup.isSimulated,
      timeoutMs: timeouts.iconMs,
    }),
  }
}

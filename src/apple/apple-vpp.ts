/** The client of Apple's Apps and Books service behind the port. */
import type { Dispatcher } from 'undici'
import type { Clock } from '../model/clock.ts'
import type { AppleVpp } from '../ports/apple-vpp.ts'
import type { FactStore } from '../ports/instance-store.ts'
import type { LocationPace, LocationPauses } from '../ports/location-pace.ts'
import type { Observe } from '../ports/observer.ts'
import { call, type Network } from './call.ts'
import { openConversation } from './conversation.ts'
import { addressOf, shapeOf } from './endpoints.ts'
import { keptLimits } from './kept-limits.ts'
import { createLimiter } from './limiter.ts'
import { createLimitsReader } from './limits.ts'

export interface AppleVppSettings {
  /** Apple's own unless a setting says otherwise; may have a path. */
  readonly baseUrl: string
  /** How Apple is reached (dispatcher.ts); whoever made it closes it. */
  readonly dispatcher: Dispatcher
  readonly clock: Clock
  /** 0 up to, not including, 1; spreads the waits between tries. */
  readonly random: () => number
  /** For one call as a whole, in real time. */
  readonly requestTimeoutMs: number
  readonly observe: Observe
  /** Absent = pauses end with the process. */
  readonly pauses?: LocationPauses
  /** Keeps Apple's limits over a restart and for other processes; absent = they end with the process. */
  readonly facts?: FactStore
  /** Where other processes ask about the same locations. */
  readonly pace?: LocationPace
}

/** Far more than the largest page; an answer without end stops here. */
const maxAnswerBytes = 32 * 1_024 * 1_024

export function createAppleVpp(settings: AppleVppSettings): AppleVpp {
  const { baseUrl, dispatcher, clock, random, requestTimeoutMs, observe } = settings
  const { facts, pauses, pace } = settings
  const beyond = { ...(pauses && { pauses }), ...(pace && { pace }) }
  const network: Network = { dispatcher, clock, requestTimeoutMs, maxAnswerBytes }
  const serviceConfig = {
    url: addressOf(baseUrl, 'service/config'),
    shape: shapeOf('service/config'),
  }
  const around = {
    baseUrl,
    network,
    limiter: createLimiter(clock, beyond),
    limits: createLimitsReader(
      () => call(network, serviceConfig),
      clock,
      facts && keptLimits(facts, serviceConfig.url.href),
    ),
    ...(pauses && { pauses }),
    random,
    observe,
  }
  return {
    converse: (credential, locationKey, signal) =>
      openConversation(around, credential, locationKey, signal),
  }
}

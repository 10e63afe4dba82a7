/** The due loop and its way to Apple. */
import { readFile } from 'node:fs/promises'
import { createAppMetadata } from '../apple/app-metadata.ts'
import { createAppleVpp } from '../apple/apple-vpp.ts'
import { createAppleDispatcher } from '../apple/dispatcher.ts'
import { runTaken } from '../domain/intents/run-taken.ts'
import { usualInstanceName } from '../domain/ownership/own-registration.ts'
import { startDueLoop } from '../jobs/due-loop.ts'
import { Failure } from '../model/failure.ts'
import type { AppleVpp } from '../ports/apple-vpp.ts'
import type { FactStore } from '../ports/instance-store.ts'
import type { Observe } from '../ports/observer.ts'
import type { Instance } from './instance.ts'
import { notificationUrl } from './ownership-settings.ts'
import { lookupChoice, type ServiceSettings } from './service-settings.ts'

export interface AppleSide {
  /** Null in mode `off`. */
  readonly apple: AppleVpp | null
  /** Something has just become due. */
  wake(): void
  /** Takes nothing more, finishes the running chunks and gives the leases back. Requests may still ask Apple. */
  drain(): Promise<void>
  /** Drains, then closes the way to Apple. */
  stop(): Promise<void>
}

/** Of runs, which mostly wait for the pace of their own location; the work of one is done beside that of others. */
const syncPlaces = 64
const leaseMs = 60_000

/** For the modes `live` and `simulated`. */
export async function startAppleSide(
  settings: ServiceSettings,
  baseUrl: string,
  instance: Instance,
  observe: Observe,
): Promise<AppleSide> {
  const { 'apple-lookup-language': language } = settings
  const { 'apple-connect-seconds': connect = 10, 'apple-request-seconds': request = 60 } = settings
  const dispatcher = createAppleDispatcher({
    ...(settings['apple-ca'] === undefined ? {} : { caPem: await caText(settings['apple-ca']) }),
    connectTimeoutMs: connect * 1_000,
    environment: process.env,
  })
  const { pauses, pace } = instance.storage.instance
  const apple = createAppleVpp({
    baseUrl,
    dispatcher,
    clock: instance.clock,
    random: Math.random,
    requestTimeoutMs: request * 1_000,
    observe,
    facts: factsOf(instance),
    pauses,
    ...(pace && { pace }),
  })
  // Other nodes may be idle while this one is not; a signal comes back to this node, too.
  const { dueSignal } = instance.storage.instance.schedule
  if (settings['no-worker']) {
    const nothing = () => Promise.resolve()
    const wake = () => dueSignal?.send()
    return { apple, wake, drain: nothing, stop: () => dispatcher.close() }
  }
  const metadata = createAppMetadata({
    ...lookupChoice(settings, baseUrl),
    baseUrl,
    ...(language === undefined ? {} : { language }),
    dispatcher,
    clock: instance.clock,
    random: Math.random,
  })
  const deps = {
    ...{ ...instance, apple, metadata, random: Math.random, observe },
    instanceName: settings['instance-name'] ?? usualInstanceName,
    notificationUrl: notificationUrl(settings),
  }
  const loop = startDueLoop({
    schedule: instance.storage.instance.schedule,
    clock: instance.clock,
    observe,
    concurrency: syncPlaces,
    leaseMs,
    runOne: (taken, leases, signal) => runTaken(deps, taken, leases, signal),
  })
  const stopListening = dueSignal?.listen(() => loop.wake())
  const stop = async () => {
    stopListening?.()
    await loop.stop()
    await dispatcher.close()
  }
  const wake = () => {
    loop.wake()
    dueSignal?.send()
  }
  return { apple, wake, drain: () => loop.stop(), stop }
}

function factsOf({ storage: { instance } }: Instance): FactStore {
  return {
    find: (name) => instance.reads.facts.find(name),
    put: (name, value) => instance.transaction(({ facts }) => facts.put(name, value)),
  }
}

async function caText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new Failure(
      'misconfigured',
      `The certificate file ${file} for Apple cannot be read. Check its path and rights.`,
      { property: 'apple-ca', cause },
    )
  }
}

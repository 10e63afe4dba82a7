import { randomBytes } from 'node:crypto'
import { nearestHint } from './control-plane/nearest-name.ts'
import { serveControlCall } from './control-plane/serve.ts'
import { serveDataCall } from './data-plane/serve.ts'
import { stopCourier } from './notifications/rounds.ts'
import { findSeed, seeds } from './seeds/seeds.ts'
import {
  isLoopback,
  type Listener,
  listen,
  parseListenAddress,
  type TlsFiles,
} from './server/listener.ts'
import { type ClockMode, parseInstant, type RealTime, realTime } from './world/clock.ts'
import { defaultAt } from './world/default-at.ts'
import { createWorld, type World } from './world/world.ts'

export interface SimulatorOptions {
  /** `HOST:PORT` of the data plane; port 0 picks one. */
  listen: string
  /** `HOST:PORT` of the control plane. */
  control: string
  /** Loaded into world `main`. */
  seeds: string[]
  /** ISO 8601; all dates of the seeds stand relative to it. */
  at?: string
  tls?: TlsFiles
  /** Made up when left out. */
  controlKey?: string
  /** Default `running`: the world's time moves on with real time. */
  clock?: ClockMode
  rngSeed?: number
  time?: RealTime
}

export interface RunningSimulator {
  dataUrl: string
  controlUrl: string
  controlKey: string
  close(): Promise<void>
}

export async function startSimulator(options: SimulatorOptions): Promise<RunningSimulator> {
  const addresses = [
    parseListenAddress(options.listen),
    parseListenAddress(options.control),
  ] as const
  refuseOpenDoor(addresses, options)
  const time = options.time ?? realTime
  const worlds = new Map<string, World>()
  const origin = {
    seeds: options.seeds.map(knownSeed),
    rngSeed: options.rngSeed ?? 1,
    atMs: parseAt(options.at ?? defaultAt),
    clockMode: options.clock ?? 'running',
  }
  worlds.set('main', createWorld('main', origin, time))

  const controlKey = options.controlKey ?? randomBytes(24).toString('base64url')
  const dataPlane = { origin: '', findWorld: (name: string) => worlds.get(name) }
  const data = await listen(addresses[0], options.tls, (request, response) =>
    serveDataCall(dataPlane, request, response),
  )
  dataPlane.origin = data.origin
  let control: Listener
  try {
    control = await listen(addresses[1], options.tls, (request, response) =>
      serveControlCall({ worlds, time, controlKey, origins }, request, response),
    )
  } catch (cause) {
    await data.close()
    throw cause
  }
  const origins = { data: data.origin, control: control.origin }
  return {
    dataUrl: `${data.origin}/mdm/v2`,
    controlUrl: `${control.origin}/simulator`,
    controlKey,
    close: async () => {
      for (const world of worlds.values()) stopCourier(world.courier)
      await Promise.all([data.close(), control.close()])
    },
  }
}

/** Apple contract 11.1: whoever reaches the control plane owns every token in here. */
function refuseOpenDoor(
  addresses: readonly { host: string }[],
  { tls, controlKey }: SimulatorOptions,
): void {
  const open = addresses.find(({ host }) => !isLoopback(host))
  if (open === undefined || (tls !== undefined && controlKey !== undefined)) return
  throw new Error(
    `${open.host} can be reached from other machines. That needs TLS and a control key of your own. Give both, or listen on 127.0.0.1.`,
  )
}

function knownSeed(name: string): string {
  if (findSeed(name) === undefined) {
    const names = seeds.map((seed) => seed.name)
    throw new Error(`There is no seed "${name}". ${nearestHint(name, names)}`)
  }
  return name
}

export function parseAt(text: string): number {
  const ms = parseInstant(text)
  if (ms === undefined) {
    throw new Error(
      `"${text}" is no time. Write it like ${defaultAt}, or "now" on the command line.`,
    )
  }
  return Math.floor(ms / 1000) * 1000
}

/**
 * A built service that is killed and started again on the same data, beside a simulator that lives on; in between the data can be
 * worked on in this process, by a clock that is turned.
 */
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Agent } from 'undici'
import { createAppleVpp } from '../../src/apple/apple-vpp.ts'
import { type Instance, openInstance } from '../../src/compose/instance.ts'
import { runTaken } from '../../src/domain/intents/run-taken.ts'
import { holdLeases } from '../../src/domain/sync/held-leases.ts'
import type { Clock } from '../../src/model/clock.ts'
import { instantOf, instantPlus, millisecondsAt } from '../../src/model/date-time-offset.ts'
import { scriptedStore } from '../sync/scripted-store.ts'
import { pomona, runBuilt, type Started, simulator, startBuilt } from './built-program.ts'
import { tenantId } from './cli-world.ts'
import { type Ask, type CallingClient, signedIn } from './crash-caller.ts'

export const leaseMs = 60_000

export interface RunningProgram {
  readonly origin: string
  readonly caFile: string
  readonly ask: Ask
  /** Everything it logged so far. */
  log(): string
  /** SIGKILL. */
  kill(): Promise<void>
  /** Closes the test's own connections to it. */
  close(): Promise<void>
}

export interface CrashWorld {
  readonly folder: string
  readonly dataDir: string
  readonly client: CallingClient
  /** Goes as real time does, but nobody who sleeps by it waits: the time is moved instead. */
  readonly clock: Clock & { turn(ms: number): void }
  /** A call of the simulator's control plane below the main world. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON the control plane answers
  control(method: string, path: string, body?: unknown): Promise<any>
  /** Another one of the same name has the same folder for its own files. */
  start(node?: string): Promise<RunningProgram>
  /** SIGKILL to all that run. */
  kill(): Promise<void>
  /**
   * The data with nobody else at it. `runAllDue` does what the due loop does, one token after the other, until nothing is due;
   * while `isMore` the clock is turned to whatever is next.
   */
  withInstance<T>(
    use: (
      instance: Instance,
      runAllDue: (isMore?: () => Promise<boolean>) => Promise<void>,
    ) => Promise<T>,
  ): Promise<T>
  close(): Promise<void>
}

export async function crashWorld(given: {
  readonly name: string
  readonly seed: string
  readonly settings: object
  /** Brought to its schema already; absent = SQLite in the data folder. */
  readonly storageUrl?: string
}): Promise<CrashWorld> {
  const folder = await mkdtemp(join(tmpdir(), `pomona-${given.name}-`))
  const dataDir = join(folder, 'data')
  const keyFile = join(folder, 'key.json')
  const { storageUrl } = given
  const shared = [
    ...['--key-file', keyFile],
    ...(storageUrl === undefined ? [] : ['--storage-url', storageUrl]),
  ]
  const place = ['--data-dir', dataDir, ...shared]
  const apple = await startBuilt(simulator, [
    ...['--listen', '127.0.0.1:0', '--control', '127.0.0.1:0', '--seed', given.seed],
    ...['--at', 'now', '-o', 'json'],
  ])
  const { dataUrl: appleUrl = '', controlUrl, controlKey = '' } = apple.facts
  const services = new Set<Started>()
  let aheadMs = 0
  const clock = {
    now: () => new Date(Date.now() + aheadMs),
    sleep: async (ms: number) => {
      aheadMs += ms
    },
    turn: (ms: number) => {
      aheadMs += ms
    },
  }

  const control: CrashWorld['control'] = async (method, path, body) => {
    const response = await fetch(`${controlUrl}/worlds/main${path}`, {
      method,
      headers: {
        'X-Simulator-Key': controlKey,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }

  await control('PATCH', '/settings', given.settings)
  await runBuilt(pomona, ['tenant', 'add', '--id', tenantId, '--name', 'Harbour', ...place])
  const added = await runBuilt(pomona, [
    ...['client', 'add', '--tenant', tenantId, '-o', 'json', ...place],
    ...['--role', 'DeviceManagementServiceConfig.ReadWrite.All'],
  ])
  const client = JSON.parse(added.stdout)

  async function runAllDue(
    instance: Instance,
    dispatcher: Agent,
    isMore: () => Promise<boolean>,
  ): Promise<void> {
    const { schedule } = instance.storage.instance
    const vpp = createAppleVpp({
      ...{ baseUrl: appleUrl, dispatcher, clock, random: Math.random },
      ...{ requestTimeoutMs: 10_000, observe: () => undefined },
    })
    const deps = {
      ...{ ...instance, apple: vpp, random: Math.random, observe: () => undefined },
      ...{ metadata: scriptedStore(), instanceName: 'Pomona', notificationUrl: null },
    }
    for (;;) {
      const now = instantOf(clock.now())
      const taken = await schedule.takeDue({ now, until: instantPlus(now, leaseMs), limit: 8 })
      for (const one of taken) {
        const leases = holdLeases({ schedule, clock, leaseMs }, one.lease)
        await runTaken(deps, one, leases, new AbortController().signal)
        await leases.release()
      }
      if (taken.length > 0) continue
      if (!(await isMore())) return
      const next = await schedule.nextDue()
      clock.turn(Math.max(0, millisecondsAt(next ?? now) - clock.now().getTime()))
    }
  }

  async function kill(): Promise<void> {
    await Promise.all([...services].map((service) => service.kill()))
    services.clear()
  }

  return {
    ...{ folder, dataDir, client, clock, control },
    async start(node = 'data') {
      const service = await startBuilt(pomona, [
        ...['serve', '--listen', '127.0.0.1:0', '-o', 'json', '--log-level', 'info'],
        ...['--data-dir', join(folder, node), ...shared],
        ...['--apple-mode', 'simulated', '--apple-url', appleUrl],
      ])
      services.add(service)
      const { origin = '', caFile = '' } = service.facts
      return {
        ...{ origin, caFile, log: service.output, kill: service.kill },
        ...(await signedIn(origin, caFile, client)),
      }
    },
    kill,
    async withInstance(use) {
      const instance = await openInstance({ dataDir, keyFile, storageUrl, clock })
      const dispatcher = new Agent()
      try {
        return await use(instance, (isMore = () => Promise.resolve(false)) =>
          runAllDue(instance, dispatcher, isMore),
        )
      } finally {
        await dispatcher.close()
        await instance.storage.close()
      }
    },
    async close() {
      await kill()
      await apple.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export function fingerprintOf(content: string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 8)
}

/** Of the content token that is in force, as it lies sealed. */
export async function sealedFingerprint(
  { storage, secretBox }: Instance,
  recordId: string,
): Promise<string | undefined> {
  const place = { tenantId, recordId, property: 'token' } as const
  return storage.forTenant(tenantId).transaction(async ({ secrets }) => {
    const sealed = await secrets.find(place)
    return sealed && fingerprintOf(secretBox.open(place, sealed))
  })
}

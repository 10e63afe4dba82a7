/** Apple as a script per credential, at the port: what it says, page by page, and what happens meanwhile. */
import { createHash } from 'node:crypto'
import { type AppleFinding, AppleTrouble } from '../../src/model/apple-finding.ts'
import type { AppleUser, Asset, Assignment, LocationConfig } from '../../src/model/apple-rows.ts'
import type {
  AppleConversation,
  ApplePage,
  AppleVpp,
  ConversationLog,
} from '../../src/ports/apple-vpp.ts'

/** A page, a trouble instead of it, or something that happens before the next one. */
export type Step<Row> = ApplePage<Row> | AppleFinding | (() => Promise<void> | void)

export interface Script {
  config: LocationConfig | AppleFinding
  assets: readonly Step<Asset>[]
  assignments: readonly Step<Assignment>[]
  users: readonly Step<AppleUser>[]
  /** What a question for one assignment finds. */
  stillAssigned: readonly Assignment[]
  /** What a question for one asset finds; absent = those rows of `assignments`. */
  assignmentsOf?: readonly Step<Assignment>[]
  /** By the version asked for. Of its own one a list tells that nothing came, of any other one it knows nothing (9721). */
  assignmentsSince?: Readonly<Record<string, readonly Step<Assignment>[]>>
  usersSince?: Readonly<Record<string, readonly Step<AppleUser>[]>>
  /** Happens before `config` is answered. */
  beforeConfig?: () => Promise<void> | void
}

export interface ScriptedApple extends AppleVpp {
  /** By the credential; each conversation reads its script as it then is. */
  readonly scripts: Map<string, Script>
  /** `<location key> <question>`, in order. */
  readonly asked: string[]
  /** Locations that conversations were told to expect. */
  readonly expected: string[]
}

type Counted<T> = { -readonly [K in keyof T]: T[K] }

export function scriptedApple(): ScriptedApple {
  const scripts = new Map<string, Script>()
  const asked: string[] = []
  const expected: string[] = []

  const converse = (credential: string, locationKey: string) =>
    conversation(credential, locationKey, {
      ...{ requests: 0, pages: 0, tries: 0, waitedMs: 0 },
      ...{ unknownFields: ['novelty'], refusals: [], mdmIds: [] },
    })

  function conversation(
    credential: string,
    locationKey: string,
    log: Counted<ConversationLog>,
  ): AppleConversation {
    const script = scripts.get(credential)
    if (!script) throw new Error('Apple was asked with a credential that no test has scripted')
    const ask = (question: string) => {
      asked.push(`${locationKey} ${question}`)
      log.requests += 1
      log.tries += 1
    }
    async function* walk<Row>(name: string, steps: readonly Step<Row>[]) {
      for (const step of steps) {
        if (typeof step === 'function') {
          await step()
          continue
        }
        ask(name)
        if ('reason' in step) throw new AppleTrouble(step)
        log.pages += 1
        yield step
      }
    }
    return {
      log,
      async readConfig() {
        ask('config')
        await script.beforeConfig?.()
        if ('reason' in script.config) throw new AppleTrouble(script.config)
        return script.config
      },
      walkAssets: () => walk('assets', script.assets),
      walkAssignments: (since) =>
        since === undefined
          ? walk('assignments', script.assignments)
          : walk(
              `assignments since ${since}`,
              script.assignmentsSince?.[since] ?? deltaOf(script.assignments, since),
            ),
      walkUsers: (since) =>
        since === undefined
          ? walk('users', script.users)
          : walk(
              `users since ${since}`,
              script.usersSince?.[since] ?? deltaOf(script.users, since),
            ),
      async hasAssignment(wanted) {
        ask(`assignment ${wanted.target}`)
        return script.stillAssigned.some((row) => JSON.stringify(row) === JSON.stringify(wanted))
      },
      walkAssignmentsOf(filter) {
        if (!('adamId' in filter)) return unscripted('walkAssignmentsOf a target')
        const { adamId, pricingParam } = filter
        const steps = script.assignmentsOf ?? pagesOf(script.assignments)
        return walk(
          `assignments of ${adamId}`,
          steps.map((step) =>
            typeof step === 'function' || 'reason' in step
              ? step
              : {
                  ...step,
                  rows: step.rows.filter(
                    (row) => row.adamId === adamId && row.pricingParam === pricingParam,
                  ),
                },
          ),
        )
      },
      send: () => unscripted('send'),
      readEvent: () => unscripted('readEvent'),
      configure: () => unscripted('configure'),
      isConfigured: () => unscripted('isConfigured'),
      readLimits: () => unscripted('readLimits'),
      expectLocation: (uId) => expected.push(uId),
      continueAs: (next) => conversation(next, locationKey, log),
    }
  }
  return { scripts, asked, expected, converse }
}

function unscripted(question: string): never {
  throw new Error(`No test has scripted an answer to ${question}`)
}

function pagesOf<Row>(steps: readonly Step<Row>[]): readonly ApplePage<Row>[] {
  return steps.flatMap((step) => (typeof step === 'function' || 'reason' in step ? [] : [step]))
}

function deltaOf<Row>(steps: readonly Step<Row>[], since: string): readonly Step<Row>[] {
  if (pagesOf(steps)[0]?.versionId !== since) return [unknownVersion]
  const happenings = steps.filter((step) => typeof step === 'function' || 'reason' in step)
  return [...happenings, { rows: [], versionId: since }]
}

const unknownVersion: AppleFinding = {
  reason: 'clientDefect',
  isDefinite: false,
  errorNumber: 9721,
  isVersionUnknown: true,
}

/** One page that holds everything; other rows are another version. */
export function onePage<Row>(
  rows: readonly Row[],
  versionId = versionOf(rows),
): readonly [ApplePage<Row>] {
  return [{ rows, versionId }]
}

export function versionOf(rows: readonly unknown[]): string {
  return `v${createHash('sha256').update(JSON.stringify(rows)).digest('hex').slice(0, 8)}`
}

/** What the first page of each list shows. */
export function firstVersions(script: Script) {
  const of = <Row>(steps: readonly Step<Row>[]) => pagesOf(steps)[0]?.versionId
  return { assets: of(script.assets), assignments: of(script.assignments), users: of(script.users) }
}

export const smallConfig: LocationConfig = {
  uId: '7000000000000001',
  locationName: 'Kiel Depot',
  country: 'de',
  accountType: 'business',
  tokenExpiration: '2027-03-01T08:00:00.0000000Z',
  mdm: null,
}

export function assetRow(adamId: string, part: Partial<Asset> = {}): Asset {
  return {
    adamId,
    pricingParam: 'STDQ',
    productType: 'App',
    totalCount: 10,
    availableCount: 8,
    assignedCount: 2,
    retiredCount: 0,
    isUnlimited: false,
    isDeviceAssignable: true,
    isRevocable: true,
    supportedPlatforms: ['iOS'],
    ...part,
  }
}

/** Nobody holds a licence of it. */
export function unassigned(adamId: string, part: Partial<Asset> = {}): Asset {
  return assetRow(adamId, { assignedCount: 0, ...part })
}

export function deviceRow(target: string, adamId = '9000000001'): Assignment {
  return { adamId, pricingParam: 'STDQ', targetKind: 'serialNumber', target }
}

export function userRow(clientUserId: string): AppleUser {
  return { clientUserId, idHash: null, inviteCode: null, email: null, status: 'Registered' }
}

/** A location with 2 assets, 2 assignments and 1 user. */
export function smallScript(config: Partial<LocationConfig> = {}): Script {
  return {
    config: { ...smallConfig, ...config },
    assets: onePage([assetRow('9000000001'), unassigned('9000000002', { totalCount: 5 })]),
    assignments: onePage([deviceRow('POMSER000001'), deviceRow('POMSER000002')]),
    users: onePage([userRow('u-0001')]),
    stillAssigned: [],
  }
}

/**
 * THE table: every operation of the contract, where it stands and who may call it. `use` names the handler; an operation
 * without one is documented but not served yet and answers 501.
 */
import type { HandlerName } from './handlers.ts'
import { type RootName, roots, type Version } from './roots.ts'
import type { ScopeSet } from './scopes.ts'

export type Verb = 'GET' | 'POST' | 'PATCH' | 'DELETE'

/**
 * A path below a version. `{x}` takes any segment; `x()` is an action or function, with or without its namespace;
 * `x(p)` is a function with a parameter; `microsoft.graph.X` is a cast and needs its namespace.
 */
type Template = readonly string[]

export interface Operation {
  readonly name: string
  readonly verb: Verb
  readonly version: Version
  readonly path: Template
  /** Set when the operation works on the tokens of a root. */
  readonly root?: RootName
  /** `nobody`: no access token is asked for (graph G18). */
  readonly scopes: ScopeSet | 'nobody'
  readonly use?: HandlerName
  /** Open to suspended tenants too (graph G12). */
  readonly isOpenToSuspended?: true
}

interface OnTokens {
  readonly name: string
  readonly verb: Verb
  readonly below: Template
  readonly scopes: ScopeSet
  readonly in: readonly RootName[]
  readonly use?: HandlerName
}

const graphRoots = ['old', 'v1.0', 'beta'] as const
const everyRoot = [...graphRoots, 'pomona'] as const

/** Operations 1 to 12 of graph section 4. */
const onTokens: readonly OnTokens[] = [
  { name: 'listTokens', verb: 'GET', below: [], scopes: 'readTokens', in: everyRoot, use: 'list' },
  {
    name: 'countTokens',
    verb: 'GET',
    below: ['$count'],
    scopes: 'readTokens',
    in: graphRoots,
    use: 'count',
  },
  {
    name: 'getToken',
    verb: 'GET',
    below: ['{id}'],
    scopes: 'readTokens',
    in: everyRoot,
    use: 'get',
  },
  {
    name: 'createToken',
    verb: 'POST',
    below: [],
    scopes: 'writeTokens',
    in: graphRoots,
    use: 'create',
  },
  // The seed form: the trailing id is ignored (graph D3).
  {
    name: 'createTokenByKey',
    verb: 'POST',
    below: ['{id}'],
    scopes: 'writeTokens',
    in: ['old'],
    use: 'create',
  },
  {
    name: 'updateToken',
    verb: 'PATCH',
    below: ['{id}'],
    scopes: 'writeTokens',
    in: graphRoots,
    use: 'update',
  },
  {
    name: 'deleteToken',
    verb: 'DELETE',
    below: ['{id}'],
    scopes: 'writeTokens',
    in: graphRoots,
    use: 'remove',
  },
  {
    name: 'syncApps',
    verb: 'POST',
    below: ['{id}', 'syncApps()'],
    scopes: 'writeTokens',
    in: ['old'],
    use: 'sync',
  },
  {
    name: 'syncLicenses',
    verb: 'POST',
    below: ['{id}', 'syncLicenses()'],
    scopes: 'writeTokens',
    in: graphRoots,
    use: 'sync',
  },
  {
    name: 'revokeLicenses',
    verb: 'POST',
    below: ['{id}', 'revokeLicenses()'],
    scopes: 'writeTokens',
    in: ['beta'],
  },
  {
    name: 'syncLicenseCounts',
    verb: 'POST',
    below: ['syncLicenseCounts()'],
    scopes: 'writeTokens',
    in: ['beta'],
  },
  {
    name: 'getLicensesForApp',
    verb: 'GET',
    below: ['getLicensesForApp(bundleId)'],
    scopes: 'readTokens',
    in: ['beta'],
  },
]

/** What Graph has no word for (graph H12). */
const onPomona: readonly Operation[] = [
  {
    name: 'checkToken',
    verb: 'POST',
    version: 'pomona/v1',
    path: ['checkToken()'],
    root: 'pomona',
    scopes: 'writeTokens',
    use: 'check',
  },
]

const mobileApps = ['deviceAppManagement', 'mobileApps']
const iosApp = [...mobileApps, '{appId}', 'microsoft.graph.iosVppApp']
const macApp = [...mobileApps, '{appId}', 'microsoft.graph.macOsVppApp']
const managedEBooks = ['deviceAppManagement', 'managedEBooks']

type Elsewhere = readonly [
  name: string,
  verb: Verb,
  path: Template,
  scopes: ScopeSet | 'nobody',
  versions: readonly Version[],
]

const both = ['v1.0', 'beta'] as const
const betaOnly = ['beta'] as const

/** Graph sections 4.3, 5, 7.8, 7.10, H1 and G12. */
const elsewhere: readonly Elsewhere[] = [
  ['getServiceDocument', 'GET', [], 'nobody', both],
  ['getMetadata', 'GET', ['$metadata'], 'nobody', both],
  ['batch', 'POST', ['$batch'], 'anyToken', both],
  ['listMobileApps', 'GET', mobileApps, 'readApps', both],
  ['listIosVppApps', 'GET', [...mobileApps, 'microsoft.graph.iosVppApp'], 'readApps', both],
  ['listMacOsVppApps', 'GET', [...mobileApps, 'microsoft.graph.macOsVppApp'], 'readApps', betaOnly],
  ['getMobileApp', 'GET', [...mobileApps, '{appId}'], 'readApps', both],
  ['getIosVppApp', 'GET', iosApp, 'readApps', both],
  ['getMacOsVppApp', 'GET', macApp, 'readApps', betaOnly],
  ['listIosLicenses', 'GET', [...iosApp, 'assignedLicenses'], 'readApps', betaOnly],
  ['getIosLicense', 'GET', [...iosApp, 'assignedLicenses', '{licenseId}'], 'readApps', betaOnly],
  ['listMacOsLicenses', 'GET', [...macApp, 'assignedLicenses'], 'readApps', betaOnly],
  ['getMacOsLicense', 'GET', [...macApp, 'assignedLicenses', '{licenseId}'], 'readApps', betaOnly],
  ['getSeedNavigation', 'GET', [...iosApp, 'vppToken'], 'readApps', betaOnly],
  ['updateSeedNavigation', 'PATCH', [...iosApp, 'vppToken'], 'writeApps', betaOnly],
  [
    'revokeAllLicenses',
    'POST',
    [...mobileApps, '{appId}', 'revokeAllLicenses()'],
    'writeApps',
    betaOnly,
  ],
  [
    'revokeUserLicense',
    'POST',
    [...mobileApps, '{appId}', 'revokeUserLicense()'],
    'writeApps',
    betaOnly,
  ],
  [
    'revokeDeviceLicense',
    'POST',
    [...mobileApps, '{appId}', 'revokeDeviceLicense()'],
    'writeApps',
    betaOnly,
  ],
  ['listManagedEBooks', 'GET', managedEBooks, 'readApps', both],
  ['getManagedEBook', 'GET', [...managedEBooks, '{bookId}'], 'readApps', both],
  ['listSubscribedSkus', 'GET', ['subscribedSkus'], 'anyToken', both],
  [
    'getExpiringVppTokenCount',
    'GET',
    [
      'deviceManagement',
      'depOnboardingSettings',
      'getExpiringVppTokenCount(expiringBeforeDateTime)',
    ],
    'readServiceConfig',
    betaOnly,
  ],
]

export const operations: readonly Operation[] = [
  ...onPomona,
  ...onTokens.flatMap(({ in: places, below, ...operation }) =>
    places.map((place) => ({
      ...operation,
      root: place,
      version: roots[place].version,
      path: [...roots[place].set, ...below],
    })),
  ),
  ...elsewhere.flatMap(([name, verb, path, scopes, places]) =>
    places.map((version) => ({
      name,
      verb,
      path,
      scopes,
      version,
      ...(name === 'listSubscribedSkus' ? { isOpenToSuspended: true as const } : {}),
    })),
  ),
]

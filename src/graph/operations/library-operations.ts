/** Apps, books and licences (graph section 5, H1), and Pomona's own view of them (graph H12). */
import type { EntitySet, Template } from '../entity-set.ts'
import {
  appSets,
  bookSets,
  iosAppSets,
  iosLicenseSet,
  librarySet,
  macOsAppSet,
  macOsLicenseSet,
  tokenSets,
} from '../entity-sets.ts'
import type { ScopeSet } from '../gate/scopes.ts'
import type { HandlerName } from '../handlers/handlers.ts'
import type { Bound, Operation, Verb } from '../operations.ts'

const graph = ['v1.0', 'beta'] as const
const apps = appSets.beta.path
const app = [...apps, '{appId}']
const iosApp = [...app, 'microsoft.graph.iosVppApp']
const macApp = [...app, 'microsoft.graph.macOsVppApp']

type Line = readonly [
  name: string,
  path: Template,
  sets: readonly EntitySet[],
  use: HandlerName,
  scopes?: ScopeSet,
  verb?: Verb,
]

const lines: readonly Line[] = [
  ['listMobileApps', apps, graph.map((version) => appSets[version]), 'listApps'],
  ['countMobileApps', [...apps, '$count'], graph.map((version) => appSets[version]), 'countApps'],
  ['getMobileApp', app, graph.map((version) => appSets[version]), 'getApp'],
  [
    'listIosVppApps',
    iosAppSets.beta.path,
    graph.map((version) => iosAppSets[version]),
    'listIosApps',
  ],
  ['getIosVppApp', iosApp, graph.map((version) => iosAppSets[version]), 'getIosApp'],
  ['listMacOsVppApps', macOsAppSet.path, [macOsAppSet], 'listMacOsApps'],
  ['getMacOsVppApp', macApp, [macOsAppSet], 'getMacOsApp'],
  ['listIosLicenses', iosLicenseSet.path, [iosLicenseSet], 'listIosLicenses'],
  ['getIosLicense', [...iosLicenseSet.path, '{licenseId}'], [iosLicenseSet], 'getIosLicense'],
  ['listMacOsLicenses', macOsLicenseSet.path, [macOsLicenseSet], 'listMacOsLicenses'],
  [
    'getMacOsLicense',
    [...macOsLicenseSet.path, '{licenseId}'],
    [macOsLicenseSet],
    'getMacOsLicense',
  ],
  ['getSeedNavigation', [...iosApp, 'vppToken'], [tokenSets.old], 'getTokenOfApp'],
  [
    'updateSeedNavigation',
    [...iosApp, 'vppToken'],
    [tokenSets.old],
    'updateTokenOfApp',
    'writeApps',
    'PATCH',
  ],
  ['listManagedEBooks', bookSets.beta.path, graph.map((version) => bookSets[version]), 'listBooks'],
  [
    'countManagedEBooks',
    [...bookSets.beta.path, '$count'],
    graph.map((version) => bookSets[version]),
    'countBooks',
  ],
  [
    'getManagedEBook',
    [...bookSets.beta.path, '{bookId}'],
    graph.map((version) => bookSets[version]),
    'getBook',
  ],
  ['listLibrary', librarySet.path, [librarySet], 'listLibrary'],
  ['getLibraryItem', [...librarySet.path, '{appId}'], [librarySet], 'getLibraryItem'],
]

const notify = { name: 'notifyManagedDevices', type: 'Edm.Boolean', nullable: false } as const
const id = (name: string) => ({ name, type: 'Edm.String', nullable: false }) as const

/** They take licences back at Apple. */
const revokes: readonly (readonly [HandlerName, Bound['parameters']])[] = [
  ['revokeAllLicenses', [notify]],
  ['revokeUserLicense', [id('userId'), notify]],
  ['revokeDeviceLicense', [id('managedDeviceId'), notify]],
]

export const libraryOperations: readonly Operation[] = [
  ...lines.flatMap(([name, path, sets, use, scopes = 'readApps', verb = 'GET']) =>
    sets.map((set): Operation => ({ name, verb, version: set.version, path, set, scopes, use })),
  ),
  ...revokes.map(
    ([name, parameters]): Operation => ({
      name,
      verb: 'POST',
      version: 'beta',
      path: [...app, `${name}()`],
      // It is bound to the derived type, so generated SDKs go through the cast.
      alsoAt: [...iosApp, `${name}()`],
      set: iosAppSets.beta,
      scopes: 'writeApps',
      use: name,
      bound: { kind: 'action', on: 'entity', parameters, returns: 'nothing' },
    }),
  ),
]

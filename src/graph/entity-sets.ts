/** Every set of entities that has a place in a URL: what its rows are, how they show there and how links write it. */
import {
  iosVppAppAssignedDeviceLicense,
  iosVppAppAssignedLicense,
  iosVppAppAssignedUserLicense,
  macOsVppAppAssignedLicense,
} from '../model/assigned-license.ts'
import type { EntityType } from '../model/entity-type.ts'
import { libraryItem } from '../model/library-item.ts'
import { licenseIntent, licenseReceipt } from '../model/license-intent.ts'
import { vppTokenLicenseSummary } from '../model/license-summary.ts'
import { locationLicense, locationUser } from '../model/location-license.ts'
import { locationOwner } from '../model/location-owner.ts'
import { iosVppEBook, managedEBook } from '../model/managed-ebook.ts'
import { iosVppApp, macOsVppApp, mobileApp } from '../model/mobile-app.ts'
import { subscribedSku } from '../model/subscribed-sku.ts'
import { syncChangeType, syncRunType } from '../model/sync-history.ts'
import { vppToken } from '../model/vpp-token.ts'
import type { EntitySet } from './entity-set.ts'

const none: ReadonlyMap<string, EntityType> = new Map()
const byKind = (...kinds: readonly (readonly [string, EntityType])[]) => new Map(kinds)
const appsPath = ['deviceAppManagement', 'mobileApps']
const searched = ['displayName', 'publisher', 'bundleId']
const inBeta = { face: 'beta', version: 'beta' } as const
const inV1 = { face: 'v1.0', version: 'v1.0' } as const
const inPomona = { face: 'pomona', version: 'pomona/v1' } as const

const apps = (version: 'v1.0' | 'beta', derived: EntitySet['derived']) => ({
  face: version,
  version,
  path: appsPath,
  type: mobileApp,
  derived,
  searched,
  isTyped: true as const,
})
const castApps = (version: 'v1.0' | 'beta', type: EntityType, name: string) => ({
  ...apps(version, none),
  path: [...appsPath, `microsoft.graph.${name}`],
  type,
})
const books = (version: 'v1.0' | 'beta') => ({
  face: version,
  version,
  path: ['deviceAppManagement', 'managedEBooks'],
  type: managedEBook,
  derived: byKind(['iosVppEBook', iosVppEBook]),
  searched: ['displayName', 'publisher'],
})
const licenses = (app: string) => [
  ...appsPath,
  '{appId}',
  `microsoft.graph.${app}`,
  'assignedLicenses',
]

/** The URLs under which one and the same token is reached, and the face it shows there (graph 1). */
export const tokenSets = {
  old: {
    ...inBeta,
    face: 'old',
    type: vppToken,
    derived: none,
    path: ['organization', '{orgId}', 'appleVolumePurchaseProgramTokens'],
    isTyped: true,
  },
  beta: { ...inBeta, type: vppToken, derived: none, path: ['deviceAppManagement', 'vppTokens'] },
  'v1.0': { ...inV1, type: vppToken, derived: none, path: ['deviceAppManagement', 'vppTokens'] },
  pomona: { ...inPomona, type: vppToken, derived: none, path: ['tokens'] },
} as const satisfies Record<string, EntitySet>
export type TokenSetName = keyof typeof tokenSets

export const appSets = {
  'v1.0': apps('v1.0', byKind(['iosVppApp', iosVppApp])),
  beta: apps('beta', byKind(['iosVppApp', iosVppApp], ['macOsVppApp', macOsVppApp])),
} as const satisfies Record<string, EntitySet>

export const iosAppSets = {
  'v1.0': castApps('v1.0', iosVppApp, 'iosVppApp'),
  beta: castApps('beta', iosVppApp, 'iosVppApp'),
} as const satisfies Record<string, EntitySet>

export const macOsAppSet: EntitySet = castApps('beta', macOsVppApp, 'macOsVppApp')

export const bookSets = {
  'v1.0': books('v1.0'),
  beta: books('beta'),
} as const satisfies Record<string, EntitySet>

export const iosLicenseSet: EntitySet = {
  ...inBeta,
  path: licenses('iosVppApp'),
  type: iosVppAppAssignedLicense,
  derived: byKind(
    ['iosVppAppAssignedUserLicense', iosVppAppAssignedUserLicense],
    ['iosVppAppAssignedDeviceLicense', iosVppAppAssignedDeviceLicense],
  ),
}
export const macOsLicenseSet: EntitySet = {
  ...inBeta,
  path: licenses('macOsVppApp'),
  type: macOsVppAppAssignedLicense,
  derived: none,
}

export const summarySet: EntitySet = {
  ...inBeta,
  path: [...tokenSets.beta.path, "getLicensesForApp(bundleId='{bundleId}')"],
  type: vppTokenLicenseSummary,
  derived: none,
  searched: ['organizationName', 'appleId'],
  context: '#Collection(microsoft.graph.vppTokenLicenseSummary)',
  isKeyless: true,
}

export const skuSets = {
  'v1.0': { ...inV1, path: ['subscribedSkus'], type: subscribedSku, derived: none, isWhole: true },
  beta: { ...inBeta, path: ['subscribedSkus'], type: subscribedSku, derived: none, isWhole: true },
} as const satisfies Record<string, EntitySet>

/** Apps and books with what Graph has no word for (graph H12). */
export const librarySet: EntitySet = {
  ...inPomona,
  path: ['apps'],
  type: libraryItem,
  derived: none,
  searched,
}

/** Who manages the location of a token: one row for each (graph H12). */
export const ownerSet: EntitySet = {
  ...inPomona,
  path: [...tokenSets.pomona.path, '{id}', 'owner'],
  type: locationOwner,
  derived: none,
  isKeyless: true,
}

/** Work on licences: each by its own id, and those of one token (graph H12). */
export const intentSet: EntitySet = {
  ...inPomona,
  path: ['intents'],
  type: licenseIntent,
  derived: none,
}
export const tokenIntentSet: EntitySet = {
  ...intentSet,
  path: [...tokenSets.pomona.path, '{id}', 'intents'],
}
export const receiptSet: EntitySet = {
  ...inPomona,
  path: [...intentSet.path, '{intentId}', 'receipts'],
  type: licenseReceipt,
  derived: none,
  isKeyless: true,
}
export const locationLicenseSet: EntitySet = {
  ...inPomona,
  path: [...tokenSets.pomona.path, '{id}', 'licenses'],
  type: locationLicense,
  derived: none,
  isKeyless: true,
}
export const locationUserSet: EntitySet = {
  ...inPomona,
  path: [...tokenSets.pomona.path, '{id}', 'users'],
  type: locationUser,
  derived: none,
  isKeyless: true,
}

/** Syncs of one token, and each by its own id (graph H12). */
export const tokenRunSet: EntitySet = {
  ...inPomona,
  path: [...tokenSets.pomona.path, '{id}', 'runs'],
  type: syncRunType,
  derived: none,
}
export const runSet: EntitySet = { ...tokenRunSet, path: ['runs'] }

export const changeSet: EntitySet = {
  ...inPomona,
  path: [...runSet.path, '{runId}', 'changes'],
  type: syncChangeType,
  derived: none,
  isKeyless: true,
}

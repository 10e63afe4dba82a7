/** Licences and users of a location, and the work on them, which Graph has no word for (graph H12). */
import {
  intentSet,
  locationLicenseSet,
  locationUserSet,
  receiptSet,
  tokenIntentSet,
  tokenSets,
} from '../entity-sets.ts'
import type { Operation } from '../operations.ts'

const read = { verb: 'GET', version: 'pomona/v1', scopes: 'readTokens' } as const
const token = [...tokenSets.pomona.path, '{id}']

export const licenseOperations: readonly Operation[] = [
  {
    ...{ ...read, name: 'listLocationLicenses', path: locationLicenseSet.path },
    ...{ set: locationLicenseSet, use: 'listLocationLicenses' },
  },
  {
    ...{ ...read, name: 'listLocationUsers', path: locationUserSet.path },
    ...{ set: locationUserSet, use: 'listLocationUsers' },
  },
  {
    ...{ name: 'planLicenses', verb: 'POST', version: 'pomona/v1', path: [...token, 'plan'] },
    ...{ scopes: 'readTokens', use: 'planLicenses' },
  },
  {
    ...{ name: 'requestLicenses', verb: 'POST', version: 'pomona/v1' },
    ...{ path: tokenIntentSet.path, set: intentSet, scopes: 'writeTokens', use: 'requestLicenses' },
  },
  {
    ...{ ...read, name: 'listTokenIntents', path: tokenIntentSet.path },
    ...{ set: tokenIntentSet, use: 'listTokenIntents' },
  },
  { ...read, name: 'listIntents', path: intentSet.path, set: intentSet, use: 'listIntents' },
  {
    ...{ ...read, name: 'getIntent', path: [...intentSet.path, '{intentId}'] },
    ...{ set: intentSet, use: 'getIntent' },
  },
  { ...read, name: 'listReceipts', path: receiptSet.path, set: receiptSet, use: 'listReceipts' },
]

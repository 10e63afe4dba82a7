/**
 * An app or book under a token, as it is kept: one per token, number at Apple and Graph type (Apple 9.2). Graph's types show
 * it in their own words; this one also says what Graph has no word for (graph H12).
 */
import type { Instant } from './date-time-offset.ts'
import { type EntityOf, entityType, type FaceNames } from './entity-type.ts'
import { flag, guid, int32, member, requiredText, text } from './kinds.ts'
import { iosVppEBook } from './managed-ebook.ts'
import { iosVppApp, macOsVppApp } from './mobile-app.ts'
import { contentKind } from './vpp-content-types.ts'

const own: FaceNames = { pomona: true }
const service = 'service' as const

export const libraryItem = entityType({
  names: { pomona: 'libraryItem' },
  properties: {
    ...iosVppEBook.properties,
    ...macOsVppApp.properties,
    ...iosVppApp.properties,
    id: guid({ faces: own, write: service, description: 'Key, the same as in Graph' }),
    contentKind: member(contentKind, {
      faces: own,
      write: service,
      initial: 'iosVppApp',
      description: 'The Graph type that shows it',
    }),
    adamId: requiredText({
      faces: own,
      write: service,
      maxLength: 64,
      description: 'Number of the app or book at Apple',
    }),
    displayName: text({ faces: own, write: service, description: 'Name, else the number' }),
    bundleId: text({ faces: own, write: service, description: 'Bundle identifier' }),
    publisher: text({ faces: own, write: service, description: 'Who offers it' }),
    totalLicenseCount: int32({
      faces: own,
      write: service,
      description: 'Licences owned; 2147483647 when there is no end to them',
    }),
    usedLicenseCount: int32({ faces: own, write: service, description: 'Licences given out' }),
    availableLicenseCount: int32({
      faces: own,
      write: service,
      description: 'Licences that can be given out; retired ones are not among them',
    }),
    isUnlimited: flag({
      faces: own,
      write: service,
      description: 'Whether there is no end to the licences',
    }),
    vppTokenId: guid({
      faces: { pomona: 'tokenId' },
      write: service,
      source: { kind: 'token', property: 'id' },
      description: 'The token under which it stands',
    }),
    locationId: text({
      faces: own,
      write: service,
      source: { kind: 'token', property: 'locationId' },
      description: 'The location that owns the licences; tokens of one location share them',
    }),
  },
})

export type LibraryItem = EntityOf<typeof libraryItem>

export interface StoredItem {
  readonly record: LibraryItem
  /** Grows with every stored change; the ETag. */
  readonly version: number
  /** When the store was last asked for names and pictures; null = never. */
  readonly metadataAt: Instant | null
  /** The storefront that was asked then, such as `enterprisestore de`; null = none yet. */
  readonly metadataFrom: string | null
  /** Where the store said that the picture lies; null = nowhere, or it could not be had there. */
  readonly iconUrl: string | null
  /** Where the stored picture was fetched; null = there is none. */
  readonly iconFrom: string | null
}

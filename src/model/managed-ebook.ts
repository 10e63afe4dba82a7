/** Books as Graph shows them (graph 5.5; values from Apple 9.2). */
import { entityType, type FaceNames } from './entity-type.ts'
import { complex, dateTimeOffset, guid, int32, text, texts } from './kinds.ts'
import { mimeContent } from './vpp-content-types.ts'

const both: FaceNames = { 'v1.0': true, beta: true }
const service = 'service' as const
const ofToken = (property: string) => ({ kind: 'token', property }) as const

export const managedEBook = entityType({
  names: { 'v1.0': 'managedEBook', beta: 'managedEBook' },
  isAbstract: true,
  properties: {
    id: guid({ faces: both, write: service, description: 'Key of the book' }),
    createdDateTime: dateTimeOffset({
      faces: both,
      write: service,
      description: 'When a sync first brought the book',
    }),
    description: text({
      faces: both,
      write: service,
      maxLength: 65_536,
      description: 'What the store says about the book',
    }),
    displayName: text({
      faces: both,
      write: service,
      nullableIn: { 'v1.0': false },
      description: "The book's title; its number at Apple until that is known",
    }),
    informationUrl: text({
      faces: both,
      write: service,
      description: 'Where more about the book is told',
    }),
    largeIcon: complex(mimeContent, {
      faces: { 'v1.0': 'largeCover', beta: 'largeCover' },
      write: service,
      source: { kind: 'apart' },
      description: 'The cover; only in the answer for a single book, null in lists',
    }),
    lastModifiedDateTime: dateTimeOffset({
      faces: both,
      write: service,
      description: 'When a sync last changed the book',
    }),
    privacyInformationUrl: text({
      faces: both,
      write: service,
      description: "The publisher's privacy statement",
    }),
    releaseDateTime: dateTimeOffset({
      faces: { 'v1.0': 'publishedDateTime', beta: 'publishedDateTime' },
      write: service,
      description: 'When it was published; year 1 when unknown',
    }),
    publisher: text({ faces: both, write: service, description: 'Who published the book' }),
  },
})

export const iosVppEBook = entityType({
  names: { 'v1.0': 'iosVppEBook', beta: 'iosVppEBook' },
  base: managedEBook,
  properties: {
    ...managedEBook.properties,
    vppTokenAppleId: text({
      faces: { 'v1.0': 'appleId', beta: 'appleId' },
      write: service,
      source: ofToken('appleId'),
      description: 'The account that the administrator gave for the token',
    }),
    genres: texts({
      faces: both,
      write: service,
      initial: [],
      maxLength: 256,
      maxItems: 100,
      description: 'Genres in the language of the storefront',
    }),
    language: text({ faces: both, write: service, description: 'Language of these facts' }),
    seller: text({
      faces: both,
      write: service,
      source: { kind: 'same', property: 'publisher' },
      description: 'Who sells the book',
    }),
    totalLicenseCount: int32({
      faces: both,
      write: service,
      description: 'Licences owned, in both qualities; 2147483647 when there is no end to them',
    }),
    usedLicenseCount: int32({ faces: both, write: service, description: 'Licences given out' }),
    vppTokenOrganizationName: text({
      faces: { 'v1.0': 'vppOrganizationName', beta: 'vppOrganizationName' },
      write: service,
      source: ofToken('organizationName'),
      description: 'Organization of the token',
    }),
    // A GUID here, text on the apps (graph 5.3, 5.5).
    vppTokenId: guid({
      faces: both,
      write: service,
      source: ofToken('id'),
      description: 'The token under which the book stands',
    }),
    roleScopeTagIds: texts({
      faces: { beta: true },
      write: service,
      initial: ['0'],
      maxLength: 64,
      maxItems: 100,
      source: ofToken('roleScopeTagIds'),
      description: 'Scope tags of the token',
    }),
  },
})

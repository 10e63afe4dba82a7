import {
  anyObject,
  flag,
  list,
  nullable,
  object,
  oneOf,
  ref,
  type Schema,
  text,
  whole,
} from './schema.ts'

const counts = {
  totalCount: whole,
  availableCount: whole,
  assignedCount: whole,
  retiredCount: whole,
}

const nature = {
  adamId: text,
  pricingParam: oneOf('STDQ', 'PLUS'),
  productType: oneOf('App', 'Book'),
}

const abilities = { deviceAssignable: flag, revocable: flag, supportedPlatforms: list(text) }

export const assetMembers = { ...nature, ...counts, ...abilities }

/** Stands in every success answer but service/config. */
export const commonMembers = {
  'mdmInfo?': nullable(ref('MdmInfo')),
  'tokenExpirationDate?': text,
  uId: text,
}

export const pagingMembers = {
  currentPageIndex: whole,
  'nextPageIndex?': whole,
  size: whole,
  totalPages: whole,
  versionId: text,
}

const limitNames = [
  'maxAssets',
  'maxUsers',
  'maxClientUserIds',
  'maxSerialNumbers',
  'maxRevokeClientUserIds',
  'maxRevokeSerialNumbers',
  'maxNotificationLength',
  'maxMdmIdLength',
  'maxMdmNameLength',
  'maxMdmMetadataLength',
  'maxSubscriptions',
  'maxSubscriptionClientUserIds',
]

export const limitMembers = Object.fromEntries(limitNames.map((name) => [name, whole]))

/** Apple's objects by name (Apple contract 2, 4). */
export const appleObjects: Record<string, Schema> = {
  MdmInfo: object({ id: text, name: text, metadata: text }),
  AssetKey: object({ adamId: text, 'pricingParam?': oneOf('STDQ', 'PLUS') }),
  Asset: object(assetMembers),
  UnlimitedAsset: object({ ...nature, assignedCount: whole, ...abilities }),
  Assignment: object({
    adamId: text,
    pricingParam: oneOf('STDQ', 'PLUS'),
    'serialNumber?': text,
    'clientUserId?': text,
    'idHash?': text,
    'userStatus?': text,
  }),
  User: object({
    clientUserId: text,
    'email?': text,
    'idHash?': text,
    'inviteCode?': text,
    status: oneOf('Registered', 'Associated', 'Retired', 'Deleted'),
  }),
  UserRequest: object({ clientUserId: text, 'email?': text, 'managedAppleId?': text }),
  EventResponse: object({ eventId: text, ...commonMembers }),
  ErrorResponse: object({
    errorNumber: whole,
    errorMessage: text,
    'errorInfo?': object({
      'assets?': list(ref('AssetKey')),
      'clientUserIds?': list(text),
      'serialNumbers?': list(text),
    }),
  }),
  LookupResult: {
    ...anyObject,
    description: 'Facts of one app or book; any of them may be missing or null.',
  },
}

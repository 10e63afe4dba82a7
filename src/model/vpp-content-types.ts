/** The enums and complex types of apps, books and their licences (graph 3.3, 5.2 to 5.4). */
import { complexType, enumType } from './entity-type.ts'
import { actionState, vppTokenActionFailureReason } from './vpp-token-types.ts'

/** What a row of the library is; the names are Graph's types. */
export const contentKind = enumType('contentKind', {
  iosVppApp: 0,
  macOsVppApp: 1,
  iosVppEBook: 2,
})
export type ContentKind = keyof typeof contentKind.members

export const mobileAppPublishingState = enumType('mobileAppPublishingState', {
  notPublished: 0,
  processing: 1,
  published: 2,
})

/** Longest picture, as base64 text. */
export const iconLimit = 524_288

const flagField = { shape: { kind: 'flag' }, nullable: false } as const
const textField = { shape: { kind: 'text', maxLength: 256 }, nullable: true } as const
const countField = { shape: { kind: 'int32' }, nullable: false } as const

export const mimeContent = complexType({
  name: 'mimeContent',
  fields: {
    type: textField,
    value: { shape: { kind: 'binary', maxLength: iconLimit }, nullable: true },
  },
})

export const iosDeviceType = complexType({
  name: 'iosDeviceType',
  fields: { iPad: flagField, iPhoneAndIPod: flagField },
})

/** The legacy pair stands in beta only and repeats the other (graph 5.3). */
export const vppLicensingType = complexType({
  name: 'vppLicensingType',
  fields: {
    supportsUserLicensing: flagField,
    supportsDeviceLicensing: flagField,
    supportUserLicensing: { ...flagField, faces: ['beta'] },
    supportDeviceLicensing: { ...flagField, faces: ['beta'] },
  },
})

const revokeResultFields = {
  userId: textField,
  managedDeviceId: textField,
  totalLicensesCount: countField,
  failedLicensesCount: countField,
  actionFailureReason: {
    shape: { kind: 'member', of: vppTokenActionFailureReason },
    nullable: false,
  },
  actionName: textField,
  actionState: { shape: { kind: 'member', of: actionState }, nullable: false },
  startDateTime: { shape: { kind: 'dateTimeOffset' }, nullable: false },
  lastUpdatedDateTime: { shape: { kind: 'dateTimeOffset' }, nullable: false },
} as const

export const iosVppAppRevokeLicensesActionResult = complexType({
  name: 'iosVppAppRevokeLicensesActionResult',
  fields: revokeResultFields,
})
export const macOsVppAppRevokeLicensesActionResult = complexType({
  name: 'macOsVppAppRevokeLicensesActionResult',
  fields: revokeResultFields,
})

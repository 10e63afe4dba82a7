/** Apple's rows as Pomona keeps them (Apple 2.4 to 2.6, 3.2). Every function throws `OtherShape` for what cannot be read. */
import { type AppleUser, type Asset, type Assignment, unlimitedCount } from '../model/apple-rows.ts'
import {
  flag,
  type JsonObject,
  list,
  OtherShape,
  optionalList,
  optionalText,
  optionalWholeNumber,
  type Part,
  part,
  text,
  texts,
  wholeNumber,
} from './json.ts'
import type { Surprises } from './surprises.ts'

export interface DecodedPage<Row> {
  readonly rows: readonly Row[]
  readonly versionId: string
  /** Null on the last page. */
  readonly nextPageIndex: number | null
  readonly totalPages: number | null
  readonly isFirst?: true
}

export type DecodePage<Row> = (
  body: JsonObject,
  pageIndex: number,
  surprises: Surprises,
) => DecodedPage<Row>

const pageFields = [
  'currentPageIndex',
  'nextPageIndex',
  'size',
  'totalPages',
  'versionId',
  'uId',
  'tokenExpirationDate',
  'mdmInfo',
]
const assetPageFields = new Set([...pageFields, 'assets', 'unlimitedAssets'])
const assignmentPageFields = new Set([...pageFields, 'assignments'])
const userPageFields = new Set([...pageFields, 'users'])
const assetFields = new Set([
  'adamId',
  'pricingParam',
  'productType',
  'totalCount',
  'availableCount',
  'assignedCount',
  'retiredCount',
  'deviceAssignable',
  'revocable',
  'supportedPlatforms',
])
const assignmentFields = new Set([
  'adamId',
  'pricingParam',
  'serialNumber',
  'clientUserId',
  'idHash',
  'userStatus',
])
const userFields = new Set(['clientUserId', 'email', 'status', 'inviteCode', 'idHash'])
const qualities = new Set(['STDQ', 'PLUS'])
const productTypes = new Set(['App', 'Book'])
const platforms = new Set(['iOS', 'macOS'])
const userStatuses = new Set(['Registered', 'Created', 'Associated', 'Retired', 'Deleted'])

export const decodeAssetPage: DecodePage<Asset> = (body, pageIndex, surprises) => {
  const page = part('assets', body)
  surprises.fields(page, assetPageFields)
  const rows = list(page, 'assets').map((row) => decodeAsset(row, surprises))
  const counted = new Set(rows.map(assetKey))
  const unlimited = (optionalList(page, 'unlimitedAssets') ?? [])
    .map((row) => decodeUnlimitedAsset(row, surprises))
    // A server that gives such an asset twice counts it in the first place.
    .filter((row) => !counted.has(assetKey(row)))
  return { rows: [...rows, ...unlimited], ...paging(page, pageIndex) }
}

export const decodeAssignmentPage: DecodePage<Assignment> = (body, pageIndex, surprises) => {
  const page = part('assignments', body)
  surprises.fields(page, assignmentPageFields)
  const rows = list(page, 'assignments').map((row) => decodeAssignment(row, surprises))
  return { rows, ...paging(page, pageIndex) }
}

export const decodeUserPage: DecodePage<AppleUser> = (body, pageIndex, surprises) => {
  const page = part('users', body)
  surprises.fields(page, userPageFields)
  const rows = list(page, 'users').map((row) => decodeUser(row, surprises))
  return { rows, ...paging(page, pageIndex) }
}

function paging(page: Part, pageIndex: number): Omit<DecodedPage<never>, 'rows'> {
  // Another page than the one asked for would silently leave rows out.
  if ((optionalWholeNumber(page, 'currentPageIndex') ?? pageIndex) !== pageIndex)
    throw new OtherShape(`${page.name}.currentPageIndex`)
  const nextPageIndex = optionalWholeNumber(page, 'nextPageIndex')
  // A walk that does not go forward would never end.
  if (nextPageIndex !== null && nextPageIndex <= pageIndex)
    throw new OtherShape(`${page.name}.nextPageIndex`)
  return {
    versionId: text(page, 'versionId'),
    nextPageIndex,
    totalPages: optionalWholeNumber(page, 'totalPages'),
  }
}

function decodeAsset(value: unknown, surprises: Surprises): Asset {
  const row = part('asset', value)
  const totalCount = wholeNumber(row, 'totalCount')
  return {
    ...assetQualities(row, surprises),
    totalCount,
    availableCount: wholeNumber(row, 'availableCount'),
    assignedCount: wholeNumber(row, 'assignedCount'),
    retiredCount: wholeNumber(row, 'retiredCount'),
    isUnlimited: totalCount === unlimitedCount,
  }
}

/** The row without total, available and retired counts; they are filled in as a row in `assets` would have them. */
function decodeUnlimitedAsset(value: unknown, surprises: Surprises): Asset {
  const row = part('unlimitedAsset', value)
  const assignedCount = wholeNumber(row, 'assignedCount')
  return {
    ...assetQualities(row, surprises),
    totalCount: unlimitedCount,
    availableCount: unlimitedCount - assignedCount,
    assignedCount,
    retiredCount: 0,
    isUnlimited: true,
  }
}

function assetQualities(row: Part, surprises: Surprises) {
  surprises.fields(row, assetFields)
  const pricingParam = text(row, 'pricingParam')
  const productType = text(row, 'productType')
  surprises.value(row, 'pricingParam', pricingParam, qualities)
  surprises.value(row, 'productType', productType, productTypes)
  const supportedPlatforms = texts(row, 'supportedPlatforms')
  for (const platform of supportedPlatforms)
    surprises.value(row, 'supportedPlatforms', platform, platforms)
  return {
    adamId: text(row, 'adamId'),
    pricingParam,
    productType,
    isDeviceAssignable: flag(row, 'deviceAssignable'),
    isRevocable: flag(row, 'revocable'),
    supportedPlatforms,
  }
}

function assetKey({ adamId, pricingParam }: Asset): string {
  return `${adamId} ${pricingParam}`
}

function decodeAssignment(value: unknown, surprises: Surprises): Assignment {
  const row = part('assignment', value)
  surprises.fields(row, assignmentFields)
  const pricingParam = text(row, 'pricingParam')
  surprises.value(row, 'pricingParam', pricingParam, qualities)
  const licence = { adamId: text(row, 'adamId'), pricingParam }
  const serialNumber = optionalText(row, 'serialNumber')
  if (serialNumber !== null) return { ...licence, targetKind: 'serialNumber', target: serialNumber }
  return { ...licence, targetKind: 'clientUserId', target: text(row, 'clientUserId') }
}

function decodeUser(value: unknown, surprises: Surprises): AppleUser {
  const row = part('user', value)
  surprises.fields(row, userFields)
  const status = text(row, 'status')
  surprises.value(row, 'status', status, userStatuses)
  return {
    clientUserId: text(row, 'clientUserId'),
    idHash: optionalText(row, 'idHash'),
    inviteCode: optionalText(row, 'inviteCode'),
    email: optionalText(row, 'email'),
    status,
  }
}

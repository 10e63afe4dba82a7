import type { ErrorBody, ErrorInfo } from '../data-plane/answer.ts'
import { errorNumber } from '../data-plane/error-numbers.ts'
import type { FailedRow } from './event.ts'

/** These speak of a user, whatever the asset was. */
const aboutUsers = [9609, 9618, 9620, 9635, 9636, 9641, 9716, 9717]

/**
 * The `failures` of an event: grouped by number, those about assets once for each asset, so that assets times
 * targets of a group are exactly the pairs that failed (Apple contract 2.8, 11.3 S4).
 */
export function failuresOf(failed: readonly FailedRow[]): ErrorBody[] {
  const groups = Map.groupBy(failed, groupOf)
  return [...groups.values()].flatMap(([first, ...rest]) =>
    first === undefined ? [] : [failureOf(first.errorNumber, [first, ...rest])],
  )
}

function groupOf({ errorNumber, row }: FailedRow): string {
  const isAboutAsset = 'adamId' in row && !aboutUsers.includes(errorNumber)
  return isAboutAsset ? `${errorNumber}|${row.adamId}|${row.pricingParam}` : `${errorNumber}`
}

function failureOf(number: number, failed: readonly FailedRow[]): ErrorBody {
  const [first] = failed
  const { adamId, pricingParam } =
    first !== undefined && 'adamId' in first.row && !aboutUsers.includes(number)
      ? first.row
      : { adamId: undefined, pricingParam: undefined }
  const users = failed.flatMap(({ row }) => ('clientUserId' in row ? row.clientUserId : []))
  const serials = failed.flatMap(({ row }) => ('serialNumber' in row ? row.serialNumber : []))
  const errorInfo: ErrorInfo = {
    ...(adamId !== undefined && { assets: [{ adamId, pricingParam }] }),
    ...(users.length > 0 && { clientUserIds: [...new Set(users)] }),
    ...(serials.length > 0 && { serialNumbers: [...new Set(serials)] }),
  }
  return { errorNumber: number, errorMessage: errorNumber(number).message, errorInfo }
}

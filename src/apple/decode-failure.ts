/** Apple's ErrorResponse (Apple 4), alone as a refusal or one of many in an event. Whatever cannot be read is left out (Apple C13). */
import type { AssetKey, ItemFailure } from '../model/apple-write.ts'
import { isStorable } from '../model/storable-text.ts'
import { itemReasonOf } from './errors.ts'
import { isJsonObject, type JsonObject } from './json.ts'

/** Of a text that Apple wrote for people, in characters. */
export const longestText = 500
/** What stands where no number is. */
const noNumber = 0
/** An asset without a quality is the standard one (Apple 2.7). */
const standardQuality = 'STDQ'

export function decodeFailure(body: JsonObject): ItemFailure {
  const errorNumber = readErrorNumber(body.errorNumber) ?? noNumber
  const info = isJsonObject(body.errorInfo) ? body.errorInfo : {}
  return {
    reason: itemReasonOf(errorNumber),
    errorNumber,
    errorMessage: isText(body.errorMessage) ? body.errorMessage.slice(0, longestText) : '',
    assets: listOf(info.assets).flatMap(assetKey),
    clientUserIds: listOf(info.clientUserIds).filter(isText),
    serialNumbers: listOf(info.serialNumbers).filter(isText),
  }
}

export function readErrorNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
  return Number.isInteger(number) ? Number(number) : undefined
}

function assetKey(value: unknown): readonly AssetKey[] {
  if (!isJsonObject(value)) return []
  const { adamId, pricingParam = null } = value
  const id = Number.isSafeInteger(adamId) ? String(adamId) : adamId
  const quality = pricingParam ?? standardQuality
  return isText(id) && isText(quality) ? [{ adamId: id, pricingParam: quality }] : []
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && isStorable(value)
}
